"""Exchange: files of others become statements, signed by the party that imports them.

`mapping` says which column of a CSV file is what, `gifts` enters its rows as donations; `threesixty` enters grants of a 360Giving
file as payments. Whatever is imported twice is entered once.
"""

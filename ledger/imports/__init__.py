"""Imports: other people's files become statements, signed by the party that imports them.

`mapping` says what each column of a CSV file means, and `gifts` enters its rows as donations; `threesixtygiving` enters grants of a
360Giving file as payments. A row that is imported twice is entered once.
"""

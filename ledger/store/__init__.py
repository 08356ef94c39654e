"""The store keeps bytes: entries, which are the truth, and what is derived from them. No money rules, no schema of JSON.

`protocol` says what any store does, `sqlite` is the default one. `durable` writes single files.
"""

"""The store keeps bytes: entries, which are the truth, and what is derived from them. It does not know the rules of the books or
any JSON schema.

`protocol` says what every store does; `sqlite` is the default store.
"""

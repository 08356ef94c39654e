"""The demonstration: some weeks of giving in autumn 2026, told through the same doors that a charity uses.

`story.py` is the table of contents, and `make_demo` in it makes the ledger. Every chapter is a function; what a party says in it
is what stands in the ledger. All of it is invented. Keys come from seeds that everybody can read, so the ledger repeats to the
byte and proves nothing.
"""

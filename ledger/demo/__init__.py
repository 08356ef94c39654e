"""The demonstration: some weeks of giving in autumn 2026, told through the same interfaces that a charity uses.

`story.py` is the table of contents, and its `make_demo` makes the ledger. Every chapter is a function, and what a party says in it
is entered in the ledger. All of it is invented. Keys come from public seeds, so the ledger can be repeated to the byte and proves
nothing.
"""

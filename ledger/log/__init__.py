"""The log: hashes, signatures and bytes. It knows nothing of money and could hold any entries.

`merkle` is the tree and its proofs; `tile` is the tree as files; `note` is signed text and the keys that sign it; `checkpoint` is
the signed head of a log; `cosignature` is what a witness adds to it; `policy` says which logs and witnesses to trust; `proof` is
the file that proves one entry to someone who has nothing else. Nothing here imports `ledger.books`.
"""

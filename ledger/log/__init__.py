"""The log: hashes, signatures and bytes, no money. It could carry anything.

`merkle` is the tree and its proofs, `tile` the tree as files, `note` signed text and the keys that sign it,
`checkpoint` the signed head of a log, `cosignature` what a witness adds to it, `policy` whose word counts, `proof` the
file that shows one entry to somebody who has nothing else. Nothing here imports anything of `ledger.books`.
"""

"""Reads a ledger at a tree size, while another process may be writing it.

    with View.open(directory) as view:
        view.refresh()                          # follow the writer; cheap if nothing new was signed
        snapshot = view.at()                    # the newest signed tree size; view.at(1834) an older one
        snapshot.records(kind="payment", project="school", newest_first=True)
        traceability(snapshot, project="school")

`view` opens a store and keeps snapshots; `history` makes the books at a size; `snapshot` answers questions; `listing` finds
records; `origins` follows a payment back, and `sources` does so for one step; `account`, `figures`, `traceability` and `overdue`
are the figures, each a function whose docstring defines it; `movements` lists what is behind a term of an account, and `movement`
says what one record adds to it. What came of a payment is in `outcome`, by whom it is said in `standing`, and what came of a gift
and is still open of it in `gift_outcome`; `statements` are receipts and returns, `notes` what was done. `reader` has what snapshots
share: `ranges`, `kind_reader` and `followed` keep what was read for figures and stays true. Nothing here makes decisions: the fold
has made them. This package does not depend on the command line or the API.
"""

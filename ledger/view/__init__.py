"""The room where a ledger is read: at a tree size, beside the process that writes it.

    with View.open(directory) as view:
        view.refresh()                          # follow the writer; cheap where nothing new was signed
        snapshot = view.at()                    # the newest signed tree size; view.at(1834) an older one
        snapshot.records(kind="payment", project="school", newest_first=True)
        traceability(snapshot, project="school")

`view` opens a store and keeps snapshots; `history` makes the books at a size; `snapshot` answers; `listing` finds records,
`origins` follows a payment back, `sources` one step; `figures`, `traceability` and `late` are the figures, each a function with
its definition. `reader` has what snapshots share: `ranges`, `covers` and `followed` are what was read for figures and stays true.
Nothing here decides anything: what is said is what the fold said. It knows neither command line nor API.
"""

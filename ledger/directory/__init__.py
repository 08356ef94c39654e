"""A ledger's directory: made, opened, copied, checked against itself, and its derived parts made again."""

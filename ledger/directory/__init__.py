"""A ledger's directory: made, opened, copied, compared with itself, and its derived parts made again."""

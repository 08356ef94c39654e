"""After a loss: a backup, a ledger made of one or of any copy of its log, entries put back, and a log that continues another."""

"""After a loss: backups, restoring a ledger from a backup or any copy of its log, putting entries back, and a log that continues
another."""

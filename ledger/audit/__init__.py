"""The audit: everything that can be checked of a ledger with its files and a trust policy, and nothing else."""

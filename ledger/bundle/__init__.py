"""The trace bundle: one gift, followed offline in one file, and verified with only a trust policy."""

"""The trace bundle: one gift, followed offline in one file, and verified with nothing but a trust policy."""

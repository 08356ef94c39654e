"""The givetrail command: it reads options, calls `ledger`, prints and exits. It does not decide anything itself."""

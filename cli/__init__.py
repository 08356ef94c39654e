"""The givetrail command."""

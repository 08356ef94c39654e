"""A monitor of a log: it keeps every checkpoint that the log shows, and raises an alarm if two of them cannot both be true."""

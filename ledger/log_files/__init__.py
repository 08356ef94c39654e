"""A log as files (C2SP tlog-tiles), wherever they are: read, fetched, exported, copied, mirrored."""

"""Files on the disk: opened with care, written durably, put in place whole, locked."""

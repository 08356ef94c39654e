"""Files on the disk: opened safely, written durably, put in place whole, locked."""

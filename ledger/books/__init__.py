"""The books: what a record may say, and how money is followed. Pure; no hashes, no clock, no storage."""

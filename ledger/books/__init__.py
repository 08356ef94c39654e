"""The books: what a record may say, and how money is followed. Pure functions and values, without hashes, clock or storage."""

"""What a verification can find, what it covers, and the report that it produces."""

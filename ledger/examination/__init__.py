"""What one entry says of itself, judged in any order and in any process; entries that are alike, many at a time."""

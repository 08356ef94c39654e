"""What one entry shows by itself, judged in any order and in any process; similar entries are judged many at a time."""

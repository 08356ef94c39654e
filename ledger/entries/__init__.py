"""Where the log and the books meet: the signed statement, the entry it becomes, and what its records refer to."""

"""Inclusion promises: a donor is promised, with a signature, that the ledger will hold their gift by a stated time; and challenges,
which show that it does not (formats §8)."""

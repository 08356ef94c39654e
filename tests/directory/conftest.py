"""A ledger in a directory, and beside it the place where its last checkpoint is kept."""

from tests.writer.conftest import state, town  # noqa: F401

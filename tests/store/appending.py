"""A process that appends for ever and says what it was told is durable: `python -m tests.store.appending DIRECTORY`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.store.sample import batch, write_again

BATCH_SIZES = [1, 7, 40, 3, 150]


def main(directory: Path) -> None:
    """Append batches of changing size, and after each print the tree size."""
    with write_again(directory) as store:
        print(store.tree_size, flush=True)
        while True:
            size = store.tree_size
            store.append(batch(size, BATCH_SIZES[size % len(BATCH_SIZES)]))
            print(store.tree_size, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

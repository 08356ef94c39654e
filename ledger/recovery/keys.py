"""Copies the files of `keys/`. Secret files stay readable by their owner only."""

from __future__ import annotations

import os
from pathlib import Path

from ..disk.atomic_directory import PRIVATE
from ..disk.durable import make_folder, write_durably
from ..disk.regular import read_regular, unreadable
from ..errors import UsageError
from ..log.key import MAX_KEY_FILE_BYTES

KEYS = "keys"
SECRET = (".pem", ".key")


def copy_keys(keys: Path, directory: Path, secrets: bool = True) -> list[str]:
    """Copy what is in the folder `keys` to `directory`/keys. Returns the names of the secret files copied, such as `hope/ana.pem`.
    Without `secrets` these are not copied; the files that say when to destroy a reference key are copied either way.

    Raises UsageError if a file is larger than a key can be, StorageError.
    """
    copied = []
    for path in sorted(keys.rglob("*")):
        name = path.relative_to(keys)
        if any(part.startswith(".") for part in name.parts) or path.is_dir():
            continue
        secret = path.suffix in SECRET
        if secret and not secrets:
            continue
        _copy(path, directory / KEYS / name, secret)
        copied += [name.as_posix()] if secret else []
    return copied


def _copy(path: Path, target: Path, secret: bool) -> None:
    try:
        raw = read_regular(path, MAX_KEY_FILE_BYTES)
    except OSError as error:
        raise unreadable(path, error) from None
    if len(raw) > MAX_KEY_FILE_BYTES:
        words = f"{path}: is larger than {MAX_KEY_FILE_BYTES} bytes, so it is not a key; move it out of the folder of keys"
        raise UsageError(words, rule="key-file", where=str(path))
    for folder in reversed([target.parent, *target.parent.parents]):
        make_folder(folder, PRIVATE)
    write_durably(target, raw, mode=0o600 if secret else 0o644)


def holds_log_key(keys: Path) -> bool:
    """Whether the key of the log is in the folder."""
    return os.path.lexists(keys / "log.pem")

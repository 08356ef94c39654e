"""The files of `keys/`, copied: what is secret stays readable by its owner only."""

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
    """Copy what is in the folder `keys` to `directory`/keys; the names of the secret files copied, such as `hope/ana.pem`. Without
    `secrets` these stay where they are; what says of a reference key when it is to be destroyed is copied all the same.

    Raises UsageError where a file is larger than a key, StorageError.
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

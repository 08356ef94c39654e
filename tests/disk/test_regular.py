"""A file that cannot be read: a wrong name is the user's to mend, rights and the disk are somebody's to see to."""

from __future__ import annotations

import errno
import os

import pytest

from ledger.disk.regular import unreadable
from ledger.errors import StorageError, UsageError


def failing(number: int) -> OSError:
    return OSError(number, os.strerror(number))


@pytest.mark.parametrize("number", [errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EAGAIN])
def test_a_wrong_name_has_its_remedy(number: int):
    error = unreadable("ana.pem", failing(number), "give the key's file", "key-file")
    assert (type(error), error.rule) == (UsageError, "key-file")
    assert error.message == f"ana.pem: cannot be read ({os.strerror(number)}); give the key's file"


def test_a_file_that_is_closed_to_us_is_ours_to_open():
    error = unreadable("ana.pem", failing(errno.EACCES), "give the key's file", "key-file")
    assert (type(error), error.rule) == (UsageError, "key-file")
    assert error.message.endswith("; check its permissions, or give the key's file")


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.EMFILE])
def test_where_the_disk_fails_the_name_is_right(number: int):
    error = unreadable("ana.pem", failing(number), "give the key's file", "key-file")
    assert (type(error), error.rule, error.where) == (StorageError, "storage", "ana.pem")
    assert error.message.endswith("; check the disk")


def test_a_file_of_our_own_that_is_gone_is_the_disks_too():
    assert isinstance(unreadable("checkpoint", failing(errno.ENOENT)), StorageError)

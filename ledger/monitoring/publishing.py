"""Writes the feed and the page of a monitor after a round."""

from __future__ import annotations

from ..errors import VerificationError
from ..log.policy import Policy
from .feed import feed_of
from .monitor_folder import FEED, PAGE, MonitorFolder
from .page import NewestNote, newest_of, page_of


def publish(folder: MonitorFolder, policy: Policy) -> None:
    """Make both from what the folder keeps. Raises StorageError."""
    folder.publish(FEED, feed_of(folder.state, folder.notes))
    folder.publish(PAGE, page_of(folder.state, folder.notes, _newest(folder, policy)))


def _newest(folder: MonitorFolder, policy: Policy) -> NewestNote | None:
    note = folder.newest()
    if note is None:
        return None
    checkpoint = Policy(policy.logs).check(note)
    since = folder.notes[-1].seen_at
    try:
        return newest_of(note, checkpoint, since, policy)
    except VerificationError:  # the policy names a witness by now whose cosignature, kept before, is false
        return NewestNote(checkpoint, since, ())

"""Who is connected to one process: only so many at once, and no client is waited for without end."""

from __future__ import annotations

from itertools import islice
from typing import Protocol

AT_ONCE = 16
"""How many connections end at once to make room for new ones."""


class Guest(Protocol):
    """A connection, as the limit sees it."""

    def end(self, late: bool = False) -> None:
        """Close it when all is sent; `late` where its client took too long over a request."""

    def has_sent_all(self) -> bool:
        """Whether nothing is left to be sent, so that it closes in the next turn of the loop."""

    def is_stuck(self) -> bool:
        """Whether the client took next to nothing of its answer since this was last asked."""

    def abort(self) -> None:
        """Close it at once, whatever was still to be sent."""


class ConnectionLimit:
    """The connections of a process: at most `most`. For the thread of the event loop.

    A connection is *awaited* while its client owes a request or the rest of one, its body too. It is ended after `request_s`
    seconds, or sooner where a new one needs its place: the one awaited for longest goes first. One whose client does not take its
    answer is ended after `unread_s` to twice that.
    """

    def __init__(self, most: int, request_s: float, unread_s: float) -> None:
        self.most = most
        self._request_s, self._unread_s = request_s, unread_s
        self._taken = 0
        self._awaited: dict[Guest, float] = {}
        self._all: set[Guest] = set()
        self._leaving: set[Guest] = set()
        self._looked_s: float | None = None

    @property
    def is_full(self) -> bool:
        """Whether every place is taken."""
        return self._taken >= self.most

    def take(self) -> None:
        """A connection was accepted; `leave` gives its place back."""
        self._taken += 1

    def enter(self, guest: Guest, now_s: float) -> None:
        """The connection is there, and its first request is awaited."""
        self._all.add(guest)
        self._awaited[guest] = now_s

    def leave(self, guest: Guest) -> None:
        """The connection is gone."""
        self._taken -= 1
        self._all.discard(guest)
        self._leaving.discard(guest)
        self._awaited.pop(guest, None)

    def expect(self, guest: Guest, now_s: float, again: bool = False) -> None:
        """Its client owes something: from now on, or since it was first said unless `again`."""
        if again:
            self._awaited.pop(guest, None)
        self._awaited.setdefault(guest, now_s)

    def answer(self, guest: Guest) -> None:
        """Its client owes nothing: the answer is at work."""
        self._awaited.pop(guest, None)

    def make_room(self) -> bool:
        """End those that were awaited for longest; whether there will be a place in the next turn of the loop, or it is then known
        who is awaited. Else all are being answered."""
        idle = (guest for guest in self._awaited if guest.has_sent_all())
        for guest in list(islice(idle, AT_ONCE)):
            self._end(guest, late=False)
        accepted = self._taken - len(self._all)
        return bool(accepted or self._leaving)

    def sweep(self, now_s: float) -> None:
        """End all that took too long. To be called a few times a second."""
        while self._awaited and now_s - next(iter(self._awaited.values())) >= self._request_s:
            self._end(next(iter(self._awaited)), late=True)
        if self._looked_s is None or now_s - self._looked_s >= self._unread_s:
            self._looked_s = now_s
            for guest in [guest for guest in self._all if guest.is_stuck()]:
                guest.abort()

    def _end(self, guest: Guest, late: bool) -> None:
        self._awaited.pop(guest)
        guest.end(late)
        if guest.has_sent_all():
            self._leaving.add(guest)

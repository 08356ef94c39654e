"""Limits how many clients are connected to one process, and how long it waits for each."""

from __future__ import annotations

from itertools import islice
from typing import Protocol

AT_ONCE = 16
"""How many connections to end at once to make room for new ones."""


class Guest(Protocol):
    """A connection, as the limit sees it."""

    def end(self, late: bool = False) -> None:
        """Close it when everything is sent; `late` if its client took too long over a request."""

    def has_sent_all(self) -> bool:
        """Whether there is nothing left to send, so that it closes in the next turn of the event loop."""

    def is_stuck(self) -> bool:
        """Whether the client took almost nothing of its response since the last call."""

    def abort(self) -> None:
        """Close it at once, whatever is still unsent."""


class ConnectionLimit:
    """The connections of a process: at most `most`. Call it from the thread of the event loop.

    A connection is *awaited* while its client has not sent a whole request, including its body. It is ended after `request_s`
    seconds, or sooner if a new connection needs its place: the one that was awaited longest goes first. If a client does not take
    its response, its connection is ended after one to two times `unread_s`.
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
        """A connection was accepted; `leave` frees its place."""
        self._taken += 1

    def enter(self, guest: Guest, now_s: float) -> None:
        """The connection is open, and its first request is awaited."""
        self._all.add(guest)
        self._awaited[guest] = now_s

    def leave(self, guest: Guest) -> None:
        """The connection is closed."""
        self._taken -= 1
        self._all.discard(guest)
        self._leaving.discard(guest)
        self._awaited.pop(guest, None)

    def expect(self, guest: Guest, now_s: float, again: bool = False) -> None:
        """The client must send something. The wait starts now if `again`, otherwise when this was first called."""
        if again:
            self._awaited.pop(guest, None)
        self._awaited.setdefault(guest, now_s)

    def answer(self, guest: Guest) -> None:
        """The client need not send anything: its response is being made."""
        self._awaited.pop(guest, None)

    def make_room(self) -> bool:
        """End the connections that were awaited longest. Returns whether a place will be free, or it will be known who is awaited,
        in the next turn of the loop; if not, all of them are being answered."""
        idle = (guest for guest in self._awaited if guest.has_sent_all())
        for guest in list(islice(idle, AT_ONCE)):
            self._end(guest, late=False)
        accepted = self._taken - len(self._all)
        return bool(accepted or self._leaving)

    def sweep(self, now_s: float) -> None:
        """End every connection that took too long. Call it a few times a second."""
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

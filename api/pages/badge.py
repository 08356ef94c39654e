"""A badge and a card of a project, for other sites to show: the share of its gifts that somebody else signed for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledger.view.snapshot import Snapshot

from ..v1.param import known
from .page_request import Asked, Page
from .steps import goods_of
from .totals import Reach, reach


def badge(snapshot: Snapshot, asked: Asked) -> Page:
    """An SVG image. Raises NotFound."""
    facts = facts_of(snapshot, asked)
    label, value = _words(asked, facts["shares"])
    return Page("badge.svg", {**facts, "label": label, "value": value, "left": _room(label), "right": _room(value)})


def badge_width(snapshot: Snapshot, asked: Asked, bars: list[Reach]) -> int:
    """How wide the badge is with these bars, in pixels."""
    return sum(_room(words) for words in _words(asked, share_said(asked, bars, goods_of(snapshot))))


def _words(asked: Asked, shares: str) -> tuple[str, str]:
    return asked.voice.say("signed by somebody else"), shares or asked.voice.say("no gifts yet")


def card(snapshot: Snapshot, asked: Asked) -> Page:
    """A small page for a frame. Raises NotFound."""
    return Page("card.html", facts_of(snapshot, asked))


def facts_of(snapshot: Snapshot, asked: Asked) -> dict[str, Any]:
    """The facts about a project that other sites show. Raises NotFound."""
    id = asked.path["id"]
    row = known(snapshot.books.project, id, "project", "projects")
    bars = reach(snapshot, project=id)
    return {"id": id, "name": row.name, "owner": row.owner, "reach": bars, "shares": share_said(asked, bars, goods_of(snapshot))}


def share_said(asked: Asked, bars: list[Reach], goods: Callable[[str], str]) -> str:
    """The share of gifts that somebody else signed for, for each unit of account."""
    voice = asked.voice
    said = [(voice.tenths(one.signed_tenths), voice.unit(one.row.unit, goods(one.row.unit))) for one in bars if one.row.base]
    return " · ".join(share if len(said) == 1 else f"{unit} {share}" for share, unit in said)


def _room(text: str) -> int:
    """The approximate room of a text in an 11-unit font, in which wide characters are as wide as high, with a margin."""
    return 12 + sum(11 if ord(character) > 0x2E80 else 7 for character in text)

"""The templates, and the words and links that all of them have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ledger.books.group import group_class_of
from ledger.books.marks import marks_of
from ledger.books.state import Books

from .address import Address
from .files import path_of
from .locale import LANGUAGES, Voice, marked, plain, shortened, voice_of
from .names import TABLES, words
from .paths import path_of as page_of
from .payees import GROUPS

Said = TypeVar("Said", str, Markup)
LONGEST = 200
RESULT_LENGTH = 60
BEIJING = marked("UTC+8")
"""It has its own name in Chinese."""
VOID = marked("void")
UNNAMED = marked("a person (not named)")
TEMPLATES = Path(__file__).parent / "templates"


class RecordNames(Protocol):
    """Names the records of a ledger (`record_names.Naming`)."""

    def record(self, ref: str) -> Markup:
        """A record in a few words."""
        raise NotImplementedError

    def dated(self, ref: str) -> Markup:
        """The same with its day."""
        raise NotImplementedError


class Frame(NamedTuple):
    """What surrounds every page. `day` is the day as of which overdue items are judged; `offset_minutes` is the offset of the
    ledger's days from UTC, None if a page is not about a ledger. `is_judged` if the page says what is overdue."""

    address: Address
    voice: Voice
    size: int
    day: str
    offset_minutes: int | None = None
    is_judged: bool = False

    @property
    def zone(self) -> str:
        """The ledger's time zone: `UTC+8`, `UTC−3:30`."""
        hours, minutes = divmod(abs(self.offset_minutes or 0), 60)
        sign = "+" if (self.offset_minutes or 0) >= 0 else "\N{MINUS SIGN}"
        zone = f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "") if self.offset_minutes else "UTC"
        return self.voice.say(BEIJING) if zone == BEIJING else zone

    @property
    def is_pinned(self) -> bool:
        """Whether the address names the tree size."""
        return bool(self.address.at_size)


def render(template: str, frame: Frame, facts: Mapping[str, Any]) -> str:
    """The text of a page."""
    address, books = frame.address, facts.get("books") or Books()
    links = {
        "to": address.to, "bare": address.bare, "whole": address.whole, "told": address.told, "here": address.here,
        "static": lambda name: address.bare(path_of(name)),
    }  # fmt: skip
    page = _environment(frame.voice.name).get_template(template)
    others = [voice_of(name) for name in LANGUAGES if name != frame.voice.name]
    return page.render(frame=frame, languages=LANGUAGES, other_voices=others, **links, **_sayings(frame, books, facts), **facts)


class Translated(Environment):
    """What the translation extension adds to it."""

    install_gettext_callables: Callable[..., None]


@cache
def _environment(language: str) -> Environment:
    voice = voice_of(language)
    environment = Translated(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )  # fmt: skip
    environment.install_gettext_callables(
        voice.words.gettext, voice.words.ngettext, newstyle=True, pgettext=voice.words.pgettext, npgettext=voice.words.npgettext
    )
    environment.filters |= {"plain": plain, "isolated": isolated, "coded": coded, "shortened": shortened, "capital": capital}
    environment.globals |= {
        "link": link, "voice": voice, "gap": voice.gap, "say_many": partial(_many, voice), "number": voice.number,
        "share": voice.share, "tenths": voice.tenths,
        "promise": voice.promise, "country": voice.country,
        "day": lambda day: _time(day, voice.day(day)), "days": voice.days, "step_words": voice.step,
        **{f"{name}_words": partial(words, voice, table) for name, table in TABLES.items()},
    }  # fmt: skip
    return environment


def _many(voice: Voice, one: str, many: str, count: int, **values: object) -> Markup:
    """A sentence about `count` things, into which links can be put."""
    return Markup(voice.words.ngettext(one, many, count)) % {"count": voice.number(count), **values}


def isolated(text: str) -> Markup:
    """A foreign text, isolated so that it cannot change the direction of the text around it."""
    return Markup("<bdi>{}</bdi>").format(plain(text))


def coded(text: str) -> Markup:
    """A foreign text that machines read."""
    return Markup("<code>{}</code>").format(plain(text))


def capital(text: Said) -> Said:
    """Words by themselves: the first letter is a capital, if they begin with one and not with a foreign name."""
    return text[:1].upper() + text[1:]


def link(address: str, text: str) -> Markup:
    """A link in a sentence."""
    return Markup('<a href="{}">{}</a>').format(address, text)


def _time(exact: str, said: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(exact, said)


def _sayings(frame: Frame, books: Books, facts: Mapping[str, Any]) -> dict[str, Callable[..., object]]:
    """Functions that say what is in the ledger: amounts, times, and names of parties and goods."""
    voice, offset, goods = frame.voice, frame.offset_minutes or 0, facts.get("goods", str)

    def money(minor: int, unit: str) -> str:
        return voice.money(minor, exponent_of(books, unit), unit, goods(unit))

    def span(start: int, end: int, unit: str) -> str:
        return voice.span(start, end, exponent_of(books, unit), unit, goods(unit))

    def struck(ref: str, shown: Markup) -> Markup:
        """What is shown of a record, struck through if it is void."""
        if not marks_of(books, ref).is_void:
            return shown
        return Markup('<del>{}</del> <span class="ref">{}</span>').format(shown, voice.say("(%(note)s)", note=voice.say(VOID)))

    def record_link(kind: str, ref: str, dated: bool = True, begins: bool = False) -> Markup:
        """A link to the page of a record that names it, with its day and its reference; without its day if that is beside it. It
        begins with a capital if it is not within a sentence."""
        names: RecordNames = facts["naming"]
        named = names.dated(ref) if dated else names.record(ref)
        named = Markup(capital(named)) if begins else named
        shown = Markup('<a href="{}">{} <span class="ref">{}</span></a>').format(frame.address.to(page_of(ref, kind)), named, ref)
        return struck(ref, shown)

    return {
        "money": money, "amount": lambda minor, unit: voice.amount(minor, exponent_of(books, unit)),
        "sums": lambda spent: voice.say_as("between words", ", ").join(money(minor, unit) for unit, minor in spent),
        "marks": partial(marks_of, books),
        "has_payments": lambda: "books" not in facts or _has_payments(books),
        "operator": lambda: books.ledger[""].operator if "books" in facts else "",
        "struck": struck,
        "record_link": record_link,
        "record_name": lambda ref: facts["naming"].record(ref),
        "result_words": partial(result_words, voice),
        "span": span,
        "is_unnamed": partial(is_unnamed, books),
        "unit_name": lambda unit: voice.unit(unit, goods(unit)),
        "moment": lambda time: _time(time, voice.moment(time, offset)),
        "party_name": lambda id, length=LONGEST: isolated(shortened(party_name(voice, books, id), length)),
    }


def _has_payments(books: Books) -> bool:
    """Whether the ledger has a payment; the first ones say so."""
    return any(row.kind == "payment" for _, row in books.disbursement.all())


def result_words(voice: Voice, value: int, measured_in: str) -> Markup:
    """A result as it was recorded: 14 meals served."""
    text = voice.say_as("result", "%(value)s %(measured_in)s")
    return Markup(text) % {"value": voice.number(value), "measured_in": isolated(shortened(measured_in, RESULT_LENGTH))}


def exponent_of(books: Books, unit: str) -> int:
    """The exponent that the ledger declares for a unit."""
    row = books.unit.get(unit)
    return row.exponent if row else 0


def party_name(voice: Voice, books: Books, id: str) -> str:
    """The name of a party: an organisation's name; words for a person, who has no name in the ledger, and for a group."""
    if group_class := group_class_of(id):
        return words(voice, GROUPS, group_class)
    row = books.party.get(id)
    if row is None:
        return id
    return voice.say(UNNAMED) if row.is_person else row.name


def is_unnamed(books: Books, id: str) -> bool:
    """Whether a party is a person, who has no name in the ledger."""
    row = books.party.get(id)
    return row is not None and row.is_person

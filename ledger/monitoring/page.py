"""The page of a monitor: one static HTML file without scripts, in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element, tostring

from ..clock import LAST, utc_at
from ..log.checkpoint import Checkpoint
from ..log.policy import Policy
from .alarm import Alarm
from .markup import node
from .monitor_folder import CHECKPOINTS, FEED, INDEX, KeptNote, MonitorState
from .words import WORDS, Words

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
# The colours and the measure are those of the pages of a ledger (api/pages/static/pages.css).
STYLE = """
:root { color-scheme: light dark; --ground: #fff; --raised: #f6f5f1; --ink: #16181a; --soft: #4a4f55; --hair: #dddcd6;
  --link: #0b4f9e; --bad: #9b2c22; --good: #2c7d51; }
@media (prefers-color-scheme: dark) { :root { --ground: #131517; --raised: #1d2023; --ink: #e8eaec; --soft: #b6bbc1;
  --hair: #363b40; --link: #93c4ff; --bad: #ff8f85; --good: #52b685; } }
body { margin: 0 auto; max-width: 48rem; padding: 1rem; background: var(--ground); color: var(--ink);
  font: 1.0625rem/1.55 -apple-system, "Segoe UI", Roboto, "Helvetica Neue", system-ui, Arial, "PingFang SC", "Microsoft YaHei",
  "Noto Sans CJK SC", sans-serif; overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.25; } a { color: var(--link); } section { border-top: 1px solid var(--hair); margin-top: 2rem; }
dl { display: grid; grid-template-columns: minmax(9rem, auto) 1fr; gap: 0.25rem 1rem; } dt { color: var(--soft); } dd { margin: 0; }
.alarms li { background: var(--raised); border-left: 0.25rem solid var(--bad); margin: 0 0 1rem; padding: 0.5rem 1rem; }
.alarms { list-style: none; padding: 0; } .alarm { color: var(--bad); font-weight: 700; }
.consistent { color: var(--good); font-weight: 700; }
code { font: 0.9em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
"""


class NewestNote(NamedTuple):
    """The newest kept checkpoint, since when it is known, and who cosigned it: (name, time) of each witness of the policy."""

    checkpoint: Checkpoint
    since: str
    cosigned: tuple[tuple[str, str], ...]


def newest_of(note: bytes, checkpoint: Checkpoint, since: str, policy: Policy) -> NewestNote:
    """What the page says of a note that the policy's log signed. Raises VerificationError if a cosignature is false."""
    cosigned = tuple((one.witness, utc_at(min(one.time, LAST))) for one in policy.cosigned_by(note))
    return NewestNote(checkpoint, since, cosigned)


def page_of(state: MonitorState, notes: list[KeptNote], newest: NewestNote | None) -> bytes:
    """The page, as UTF-8. Links are relative to it."""
    name = state.log or state.address
    head = node(
        "head",
        node("meta", charset="utf-8"),
        node("meta", http_equiv="Content-Security-Policy", content=POLICY),
        node("meta", name="viewport", content="width=device-width, initial-scale=1"),
        node("title", f"{WORDS['en'].title}{name}"),
        node("link", rel="alternate", type="application/atom+xml", href=FEED, title=WORDS["en"].feed),
    )
    style = Element("style")
    style.text = STYLE  # HTML does not read escapes in a style, and nothing foreign is in it
    head.append(style)
    sections = [_section(language, words, state, notes, newest) for language, words in WORDS.items()]
    body = node("body", node("nav", *_between([node("a", words.own, href=f"#{lang}", lang=lang) for lang, words in WORDS.items()])))
    body.append(node("main", *sections))
    html = tostring(node("html", head, body, lang="en"), encoding="unicode", method="html")
    return f"<!DOCTYPE html>\n{html}\n".encode()


def _between(links: list[Element]) -> list[Element | str]:
    return [part for link in links for part in (link, " ")]


def _section(language: str, words: Words, state: MonitorState, notes: list[KeptNote], newest: NewestNote | None) -> Element:
    current = [alarm for alarm in state.alarms if alarm.again_at == state.round_at]
    return node(
        "section",
        node("h1", f"{words.title}{state.log or state.address}"),
        node("p", words.alarm if current else words.silent if state.silent_since else words.consistent,
             class_="alarm" if current or state.silent_since else "consistent"),
        node("dl", *_facts(words, state, notes, newest)),
        node("h2", words.alarms),
        *_alarms(words, state.alarms),
        node("h2", words.limits),
        node("ul", *(node("li", limit) for limit in words.not_proven)),
        id=language, lang=language,
    )  # fmt: skip


def _facts(words: Words, state: MonitorState, notes: list[KeptNote], newest: NewestNote | None) -> Iterator[Element]:
    facts: list[tuple[str, str | Element]] = [(words.log, state.log or "–"), (words.address, state.address)]
    if newest is not None:
        kept = notes[-1]
        facts += [
            (words.size, node("a", str(newest.checkpoint.tree_size), href=f"{CHECKPOINTS}/{kept.name}")),
            (words.root, node("code", newest.checkpoint.root.hex())),
            (words.since, newest.since),
            (words.cosigned, "; ".join(f"{name}, {time}" for name, time in newest.cosigned) or words.nobody),
        ]
    facts += [(words.round, state.round_at), (words.answered, state.answered_at or words.never)]
    if state.silent_since:
        facts.append((words.silent_since, state.silent_since))
    facts.append((words.kept, node("a", str(len(notes)), href=INDEX) if notes else "0"))
    for name, value in facts:
        yield node("dt", name)
        yield node("dd", value)


def _alarms(words: Words, alarms: tuple[Alarm, ...]) -> Iterator[Element]:
    if not alarms:
        yield node("p", words.none)
        return
    yield node("ol", *(_alarm(words, alarm) for alarm in reversed(alarms)), class_="alarms")


def _alarm(words: Words, alarm: Alarm) -> Element:
    what = node("strong", f"{words.rules.get(alarm.rule, words.other)} ({alarm.rule})")
    when = node("p", what, f" {alarm.seen_at}" + (f" – {alarm.again_at}" if alarm.again_at != alarm.seen_at else ""))
    item = node("li", when, node("p", alarm.message, lang="en"))
    if alarm.evidence:
        links = _between([node("a", name, href=name) for name in alarm.evidence])
        item.append(node("p", words.evidence, *links))
    return item

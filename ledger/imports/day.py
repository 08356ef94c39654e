"""Days as files write them: read by a form that fixes every digit, so nothing is guessed.

A form is `day` (2024-09-10), `datetime` (2024-09-10T12:01:29+07:00), or a pattern. In a pattern, each code of `SIGNS` means what it
means to `strptime`, with a fixed number of digits from 0 to 9; `%-d` and `%-m` are a day and a month that may have one digit. All
other characters stand for themselves.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from functools import lru_cache

from ..books.field import DAY
from ..errors import SchemaError, shortened, shown

CACHED = 4096
SECONDS = frozenset(f":{second:02d}" for second in range(60))
ZONE = "(?P<z>Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])"
SIGNS = {
    "%Y": "(?P<Y>[0-9]{4})", "%m": "(?P<m>[0-9]{2})", "%d": "(?P<d>[0-9]{2})", "%-m": "(?P<m>[0-9]{1,2})",
    "%-d": "(?P<d>[0-9]{1,2})", "%H": "(?P<H>[0-9]{2})", "%-H": "(?P<H>[0-9]{1,2})", "%M": "(?P<M>[0-9]{2})",
    "%S": "(?P<S>[0-9]{2})", "%f": "(?P<f>[0-9]{1,9})", "%z": ZONE, "%%": "%",
}  # fmt: skip
PARTS = re.compile("%-?.|%|[^%]+", re.DOTALL)
VARYING = ("%-m", "%-d", "%-H", "%f")
DATE = SIGNS["%Y"] + "-" + SIGNS["%m"] + "-" + SIGNS["%d"]
CLOCK = SIGNS["%H"] + ":" + SIGNS["%M"] + "(?::" + SIGNS["%S"] + "(?:[.]" + SIGNS["%f"] + ")?)?"
FORMS = {"day": DATE, "datetime": f"{DATE}[T ]{CLOCK}{ZONE}"}


def check_form(form: str) -> str:
    """The form, if it is valid. Raises ValueError, whose message says why it is not."""
    _compiled(form)
    return form


def day_reader(column: str, form: str, offset_minutes: int, today: str) -> Callable[[str], str]:
    """A function from a cell to the local day, `YYYY-MM-DD`, of a ledger with this offset from UTC.

    It raises SchemaError, also for a day in the future.
    """
    pattern = _compiled(form)
    zone = datetime.timezone(datetime.timedelta(minutes=offset_minutes))

    @lru_cache(CACHED)
    def day_of(text: str) -> str:
        try:
            day = _day(text, pattern, zone)
        except (ValueError, OverflowError) as error:
            message = f"received {shown(text)}: {_reason(error)}; it must be {_described(form)}"
            raise SchemaError(message, rule="received", where=column) from None
        if day > today:
            raise SchemaError(f"received {shown(text)}: is after today, {today}", rule="day", where=column)
        return day

    @lru_cache(CACHED)
    def day_of_minute(minute: str, offset: str) -> str:
        return day_of(f"{minute}:00{offset}")

    def day_of_moment(text: str) -> str:
        # 2024-09-10T12:01:29+07:00: the seconds do not change the day, so one look-up serves a whole minute.
        if len(text) == 25 and text[16:19] in SECONDS:
            try:
                return day_of_minute(text[:16], text[19:])
            except SchemaError:
                return day_of(text)
        return day_of(text)

    return day_of_moment if form == "datetime" else day_of


def day_as_written(text: str) -> str:
    """The day in a text, in whatever time zone: `2024-09-10`, alone or with a time. Raises ValueError."""
    found = re.fullmatch(DATE, text) or re.fullmatch(f"{FORMS['datetime']}?", text)
    if found is None:
        raise ValueError("is not a day")
    return _checked(_moment(found.groupdict()).date())


@lru_cache
def _compiled(form: str) -> re.Pattern[str]:
    if form in FORMS:
        return re.compile(FORMS[form])
    parts = PARTS.findall(form)
    signs = [part for part in parts if part[0] == "%"]
    _check_signs(signs)
    for sign, after in zip(parts, parts[1:], strict=False):
        if sign in VARYING and (after[0].isdigit() or (after[0] == "%" and after not in ("%%", "%z"))):
            raise ValueError(
                f"{sign} can have one digit or more, so a digit must not follow it; put another character between them",
            )
    return re.compile("".join(SIGNS.get(part, re.escape(part)) for part in parts))


def _check_signs(signs: list[str]) -> None:
    for sign in signs:
        if sign == "%Z":
            raise ValueError("%Z is the name of a time zone, which can mean another time on another machine; use %z, such as +0800")
        if sign == "%y":
            raise ValueError("%y is a year of two digits, whose century would be a guess; use %Y, a year of four digits")
        if sign not in SIGNS:
            known = " ".join(SIGNS)
            raise ValueError(f"{shortened(sign)} is not a sign that this program reads; it reads {known}")
    names = [sign[-1] for sign in signs if sign != "%%"]
    if not {"Y", "m", "d"} <= set(names):
        raise ValueError('must be "day", "datetime", or a pattern such as "%d.%m.%Y", with %Y, %m or %-m, and %d or %-d')
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise ValueError(f"%{twice} is given twice; give it once")


def _day(text: str, pattern: re.Pattern[str], zone: datetime.timezone) -> str:
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError("")
    parts = found.groupdict()
    moment = _moment(parts)
    if parts.get("z"):
        moment = moment.replace(tzinfo=_distance(parts["z"])).astimezone(zone)
    return _checked(moment.date())


def _moment(parts: dict[str, str | None]) -> datetime.datetime:
    year, month, day, hour, minute, second = [int(parts.get(name) or 0) for name in "YmdHMS"]
    return datetime.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 (its zone comes from the caller)


def _distance(text: str) -> datetime.timezone:
    if text == "Z":
        return datetime.UTC
    minutes = 60 * int(text[1:3]) + int(text[-2:])
    return datetime.timezone(datetime.timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _checked(day: datetime.date) -> str:
    text = day.isoformat()
    if not re.fullmatch(DAY, text):
        raise ValueError(f"{text} is not in the years 1000 to 2999")
    return text


def _reason(error: Exception) -> str:
    return shortened(str(error)) or "does not have the right form"


def _described(form: str) -> str:
    if form == "datetime":
        return "a day and time with its distance from UTC, such as 2024-09-10T12:01:29+07:00"
    return "a day, YYYY-MM-DD" if form == "day" else f"of the form {shortened(form)}"

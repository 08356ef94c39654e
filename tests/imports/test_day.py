"""Days as files write them: every digit is fixed, and nothing is guessed."""

from __future__ import annotations

import pytest

from ledger.errors import SchemaError
from ledger.imports.day import check_form, day_as_written, day_reader


def day_of(cell: str, form: str, offset_minutes: int = 480) -> str:
    return day_reader("at", form, offset_minutes, "2026-03-02")(cell)


@pytest.mark.parametrize(
    ("cell", "form", "day"),
    [
        ("1.2.2026", "%-d.%-m.%Y", "2026-02-01"), ("01.02.2026", "%-d.%-m.%Y", "2026-02-01"), ("20260201", "%Y%m%d", "2026-02-01"),
        ("2026-02-01 7:05", "%Y-%m-%d %-H:%M", "2026-02-01"), ("100% 01/02/2026", "100%% %d/%m/%Y", "2026-02-01"),
        ("2026-02-01T23:30:00.5Z", "%Y-%m-%dT%H:%M:%S.%f%z", "2026-02-02"),
        ("01.02.2026 23:30 -0300", "%d.%m.%Y %H:%M %z", "2026-02-02"),
        ("01.02.2026 00:30 +09:00", "%d.%m.%Y %H:%M %z", "2026-01-31"),
        ("2026\u5e7402\u670801\u65e5", "%Y\u5e74%m\u6708%d\u65e5", "2026-02-01"),
        ("2024-02-29", "day", "2024-02-29"), ("2026-02-01T12:01Z", "datetime", "2026-02-01"),
    ],
)  # fmt: skip
def test_day_that_is_of_its_form_is_read(cell: str, form: str, day: str):
    assert day_of(cell, form) == day


@pytest.mark.parametrize(
    ("cell", "form"),
    [
        ("1/2/2026", "%d/%m/%Y"), ("01/2/2026", "%d/%m/%Y"), ("01/02/26", "%d/%m/%Y"), ("01/02/026", "%d/%m/%Y"),
        ("2026-1-2", "%Y-%m-%d"), ("2026-1-2", "day"), ("20260102", "day"), ("2026-W01-5", "day"), ("2026-02-29", "day"),
        ("\u0662\u0660\u0662\u0666-\u0660\u0661-\u0660\u0662", "%Y-%m-%d"), ("\uff12\uff10\uff12\uff16-01-02", "day"),
        ("2026\u201101\u201102", "day"), ("01.02.2026 ", "%d.%m.%Y"), (" 01.02.2026", "%d.%m.%Y"), ("01.02.2026x", "%d.%m.%Y"),
        ("01.02.2026\n", "%d.%m.%Y"), ("01  02  2026", "%d %m %Y"), ("01x02x2026", "%d.%m.%Y"), ("00.01.2026", "%d.%m.%Y"),
        ("001.01.2026", "%-d.%m.%Y"), ("31.02.2026", "%d.%m.%Y"), ("02/13/2025", "%d/%m/%Y"),
        ("2026-02-01 24:00", "%Y-%m-%d %H:%M"),
        ("2026-02-01T12:01:29", "datetime"), ("20260201T120129Z", "datetime"), ("2026-02-01_12:01Z", "datetime"),
        ("2026-02-01T12:01:29,5Z", "datetime"), ("2026-02-01T12:01+24:00", "datetime"), ("2026-02-01T12:01+0:30", "datetime"),
        ("2026-02-01T12:01 EST", "datetime"), ("2026-02-01T12:01:60Z", "datetime"), ("01.02.2026 12:00 EST", "%d.%m.%Y %H:%M %z"),
    ],
)  # fmt: skip
def test_day_that_would_be_guessed_is_refused(cell: str, form: str):
    with pytest.raises(SchemaError, match="it must be") as caught:
        day_of(cell, form)
    assert (caught.value.rule, caught.value.where) == ("received", "at")
    assert "[0-9]" not in caught.value.message and "(?P" not in caught.value.message


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("%d.%m.%Y %H:%M %Z", "use %z"), ("%d.%m.%y", "use %Y"), ("%d.%m", "%Y"), ("%Y-%j", "%j is not a sign"),
        ("%d %b %Y", "%b is not a sign"), ("%x", "%x is not a sign"), ("%-d%m%Y", "a digit must not"),
        ("%m/%-d%Y", "a digit must not"),
        ("%-d2%m.%Y", "a digit must not"), ("%d.%m.%Y %d", "%d is given twice"), ("%d.%-d.%m.%Y", "twice"),
        ("%d.%m.%Y %", "% is not a sign"),
        ("%-Y.%m.%d", "%-Y is not a sign"), ("", "must be"), ("Day", "must be"), ("%%Y %m %d", "must be"),
    ],
)  # fmt: skip
def test_form_that_leaves_something_to_guess_is_refused(form: str, words: str):
    with pytest.raises(ValueError, match=words):
        check_form(form)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kolkata"])
def test_the_machines_zone_changes_nothing(zone: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TZ", zone)
    assert day_of("01.02.2026 23:30", "%d.%m.%Y %H:%M") == "2026-02-01"
    assert day_of("01.02.2026 23:30 +0000", "%d.%m.%Y %H:%M %z") == "2026-02-02"


@pytest.mark.parametrize(
    "text", ["20200421", "2020-4-21", "2020-04-21T", "2020-04-21 x", "2020-04-21T25:00:00Z", "2020-02-30", "2020-W17-2"]
)
def test_day_as_written_is_a_whole_day(text: str):
    with pytest.raises(ValueError):
        day_as_written(text)

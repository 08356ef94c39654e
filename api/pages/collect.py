"""Collects the texts of the pages into the translation files: new messages are added empty, and unused ones are removed.

    python -m api.pages.collect
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from .locale import DEFAULT, LANGUAGES, TRANSLATIONS

FOLDER = Path(__file__).parent
METHODS = [("templates/**.*", "jinja2.ext:babel_extract"), ("**.py", "python")]
KEYWORDS = {
    "_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "say": None, "say_as": ((1, "c"), 2),
    "say_many": (1, 2), "marked": None,
}  # fmt: skip
OPTIONS = {"templates/**.*": {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"}}


def said() -> Catalog:
    """Every message of the pages, with the files that contain it."""
    catalog = Catalog(project="GiveTrail", charset="utf-8", header_comment="# Messages of the pages.")
    found = extract_from_dir(FOLDER, METHODS, OPTIONS, keywords=KEYWORDS)
    for name, _, message, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        catalog.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    return catalog


def collected(path: Path, language: str) -> bytes:
    """A translation file, updated to the texts of the pages. The same messages give the same bytes."""
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    catalog.update(said(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    catalog.msgid_bugs_address = catalog.last_translator = catalog.language_team = ""
    written = BytesIO()
    write_po(written, catalog, include_lineno=False, width=120, sort_output=True, omit_header=False)
    return written.getvalue()


@click.command()
def command() -> None:
    """Update every translation file to the texts of the pages."""
    for language in LANGUAGES:
        if language != DEFAULT:
            path = TRANSLATIONS / f"{language}.po"
            path.write_bytes(collected(path, language))
            click.echo(path.name)


if __name__ == "__main__":
    command()

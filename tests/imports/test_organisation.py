"""The party id that an org-id makes."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import SLUG
from ledger.imports.organisation import party_slug

ORG_ID = st.one_of(
    st.from_regex(r"\A(GB-CHC|360G-[A-Z]{1,4}-ORG:|US-EIN|XI)[A-Za-z0-9._():' -]{0,60}\Z"),
    st.text(alphabet="aA-.:_é ", min_size=1, max_size=90),
    st.text(min_size=1, max_size=90, alphabet=st.characters(exclude_categories=["Cs"])),
)


@given(st.lists(ORG_ID, unique=True, max_size=40))
def test_slugs_are_valid_and_distinct(identifiers: list[str]):
    slugs = [party_slug(identifier) for identifier in identifiers]
    assert all(re.fullmatch(SLUG, slug) for slug in slugs)
    assert len(set(slugs)) == len(slugs)
    assert slugs == [party_slug(identifier) for identifier in identifiers]


def test_every_short_id_over_a_mean_alphabet_has_its_own_slug():
    identifiers = ["".join(letters) for length in range(1, 6) for letters in product("aA.-:", repeat=length)]
    assert len({party_slug(identifier) for identifier in identifiers}) == len(identifiers)


@pytest.mark.parametrize(
    ("identifier", "slug"),
    [
        ("GB-CHC-1015648", "gb-chc-1015648"),
        ("360G-ALWF-ORG:BRIT_School", "360g-alwf-org-brit-school.e58c4da764e28ea9a6b7a774bf"),
        ("gb-chc-1015648", "gb-chc-1015648.e2d2cd5381dbcdb20b5d219efd"),
    ],
)
def test_a_slug_never_changes(identifier: str, slug: str):
    assert party_slug(identifier) == slug


def test_an_id_that_looks_like_another_ids_slug_gets_another():
    slug = party_slug("360G-ALWF-ORG:BRIT_School")
    assert party_slug(slug) != slug
    assert party_slug(slug.upper()) != slug

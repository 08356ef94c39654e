"""Where the browser cannot check, or something in it fails, the answer is *could not verify* and why, never a yes."""

from __future__ import annotations

import pytest

from tests.golden.reading import GOLDEN
from tests.verifier.asking import Case, reports

POLICY = (GOLDEN / "trust.policy").read_text()
BUNDLE = (GOLDEN / "bundle-goods.json").read_bytes()
TAMPERED = BUNDLE.replace(b'"state":"written-off"', b'"state":"reported"')


@pytest.mark.parametrize(
    ("crypto", "id", "why"),
    [
        ("none", "browser", "insecure connection"),
        ("no Ed25519", "browser", "has no Ed25519"),
        ("always yes", "browser", "by another rule"),
        ("always no", "browser", "by another rule"),
        ("yes as a text", "browser", "by another rule"),
        ("fails later", "internal", "out of memory"),
    ],
)
def test_without_the_browsers_cryptography_nothing_is_verified_and_nothing_failed(crypto: str, id: str, why: str):
    for report in reports([Case("good", BUNDLE, POLICY), Case("tampered", TAMPERED, POLICY)], crypto=crypto):
        (finding,) = report["findings"]
        assert (report["verdict"], finding["id"], finding["class"]) == ("could not verify", id, "unknown")
        assert why in finding["message"]
        assert report["gift"] is None and report["proved"] == []


def test_with_it_the_same_bundles_are_verified_and_failed():
    good, tampered = reports([Case("good", BUNDLE, POLICY), Case("tampered", TAMPERED, POLICY)])
    assert (good["verdict"], tampered["verdict"]) == ("verified", "failed")
    assert len(good["proved"]) == 4 and tampered["proved"] == []

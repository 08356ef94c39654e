"""The one file: the same bytes every time, the SHA-256 that is published, nothing in it that could load anything."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import html5lib
import pytest
from click.testing import CliRunner

from api.verifier import onefile
from ledger.audit.trust import PASSED_OVER
from ledger.bundle.verification import CLAIMED, OVERSEERS, REMAINING, WHOSE
from ledger.findings.report import NO_WITNESSES
from ledger.findings.table import RULES
from tests.golden.reading import GOLDEN
from tests.verifier.asking import ask

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT / "docs" / "reference" / "verify.html.sha256"
POLICY = GOLDEN / "trust.policy"
HTML = "{http://www.w3.org/1999/xhtml}"
LOADS = {"src", "href", "srcset", "action", "formaction", "data", "poster", "background", "style", "onclick", "onload", "onerror"}


def test_the_published_sha256_is_that_of_the_file(tmp_path: Path):
    """If this fails, the sources of the verifier were changed: run `make generate`."""
    done = CliRunner().invoke(onefile.command, ["-o", str(tmp_path / "verify.html")])
    sha256 = hashlib.sha256((tmp_path / "verify.html").read_bytes()).hexdigest()
    assert done.exit_code == 0 and done.output == f"{sha256}  {tmp_path / 'verify.html'}\n"
    assert PUBLISHED.read_text() == f"{sha256}  verify.html\n"


def test_the_same_sources_make_the_same_bytes():
    assert onefile.page() == onefile.page()
    assert onefile.page(POLICY.read_text(), "Somebody") != onefile.page()


def test_the_page_is_valid_html_that_names_nothing_to_load():
    document = html5lib.HTMLParser(strict=True).parse(onefile.page(POLICY.read_text(), "A <b>&\"' c"))
    for element in document.iter():
        assert not LOADS & {name for name in element.attrib}, (element.tag, element.attrib)
        assert element.tag not in {HTML + name for name in ("link", "img", "iframe", "object", "embed", "base", "a")}
    (script,) = document.iter(HTML + "script")
    assert not script.attrib
    assert document.find(f".//{HTML}textarea").text == POLICY.read_text()
    assert document.find(f".//{HTML}p[@id='whose']").get("data-by") == "A <b>&\"' c"


def test_its_own_policy_allows_its_script_and_its_style_and_nothing_else():
    document = html5lib.parse(onefile.page())
    meta = next(one for one in document.iter(HTML + "meta") if one.get("http-equiv"))
    script, style = (next(document.iter(HTML + name)).text for name in ("script", "style"))
    assert meta.get("content") == (
        f"default-src 'none'; script-src '{onefile.digest(script)}'; style-src '{onefile.digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_the_script_uses_nothing_that_talks_or_remembers():
    code = "\n".join(path.read_text() for path in onefile.SOURCES.glob("*.js"))
    code = code.replace('"^https://', "")  # the form of the web address in a contact, which is matched and never opened
    for word in (
        "fetch", "XMLHttpRequest", "WebSocket", "EventSource", "sendBeacon", "RTCPeerConnection", "localStorage", "sessionStorage",
        "indexedDB", "cookie", "eval", "Function(", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "Worker",
        "Math.random", "Date.now", "new Date()", "http://", "https://",
    ):  # fmt: skip
        assert word not in code, word


@pytest.mark.parametrize(
    "text",
    [
        'import fault from "./fault.js";\n',
        "export default 1;\n",
        "export { a };\n",
        'await import("./fault.js");\n',
        '  import "./x.js";\n',
    ],
)
def test_a_module_of_another_form_is_refused(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "page.js").write_text(text)
    monkeypatch.setattr(onefile, "SOURCES", tmp_path)
    with pytest.raises(ValueError, match=r"page\.js"):
        onefile.script()


@pytest.mark.parametrize("text", ['const a = "</SCRIPT>";\n', 'const a = "<!-- ";\n'])
def test_what_would_end_the_script_is_refused(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "page.js").write_text(text)
    monkeypatch.setattr(onefile, "SOURCES", tmp_path)
    with pytest.raises(ValueError, match="would end the script"):
        onefile.script()


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--policy", str(POLICY)], "who built it in"),
        (["--by", "Somebody"], "who built it in"),
        (["--policy", str(GOLDEN / "keys.json"), "--by", "Somebody"], "policy"),
        (["--policy", str(POLICY), "--by", "  "], "who built it in"),
    ],
)
def test_a_policy_is_built_in_only_with_the_name_of_who_does_it(options: list[str], why: str, tmp_path: Path):
    done = CliRunner().invoke(onefile.command, ["-o", str(tmp_path / "verify.html"), *options])
    assert done.exit_code == 1 and why in done.output
    assert not (tmp_path / "verify.html").exists()


def words(value: object, path: str = "") -> set[str]:
    """The places of all texts in a table."""
    if isinstance(value, dict):
        return set().union(*(words(item, f"{path}.{name}") for name, item in value.items()))
    return {f"{path}[{len(value)}]"} if isinstance(value, list) else {path}


def test_both_languages_say_everything_and_the_findings_in_the_words_of_the_table():
    (known,) = ask([{"known": True}])
    english, chinese = known["languages"]["en"], known["languages"]["zh-CN"]
    assert words(english) == words(chinese)
    assert {id: text for id, text in english["found"].items() if id in RULES} == {
        id: rule.means for id, rule in RULES.items() if id in english["found"]
    }
    assert known["not_checked"] == {
        "witnesses": NO_WITNESSES, "passed_over": PASSED_OVER, "remaining": REMAINING, "overseers": OVERSEERS, "whose": WHOSE,
        "between_words": ", ", "claims": [*CLAIMED],
    }  # fmt: skip
    assert set(known["not_checked"]) < set(english) and len(english["claims"]) == len(CLAIMED)
    assert len(english["proofs"]) == len(known["proved"])
    assert set(english["states"]) == set(known["states"])


def test_findings_have_the_class_of_the_table_and_a_sentence_in_both_languages():
    (known,) = ask([{"known": True}])
    code = "\n".join(path.read_text() for path in onefile.SOURCES.glob("*.js"))
    named = set(re.findall(
        r'(?:Fault|Malformed|Refused|Missing|fault|refuse)\("([a-z-]+)"|find\("([a-z-]+)"|rule: "([a-z-]+)"', code,
    ))  # fmt: skip
    ids = {id for row in named for id in row if id}
    assert {"tape-flow", "inclusion", "browser", "unknown-kind", "approval", "chain"} <= ids
    own = {"bundle", "note", "policy", "browser", "internal", "usage", "vkey"}
    assert ids - own <= set(RULES)
    assert ids - {"vkey"} <= set(known["languages"]["en"]["found"])
    unknown = {id for id in ids - own if RULES[id].kind == "unknown"}
    assert unknown == set(known["unknown"])

"""The one-file verifier, opened from a disk in a browser: a good bundle, a tampered one, one that was cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.verifier.onefile import page as made
from ledger.log.ml_dsa import MLDSAKey
from ledger.log.note import ML_DSA_COSIGNATURE, VerifierKey
from tests.golden.reading import GOLDEN
from tests.verifier.asking import absent

POLICY = (GOLDEN / "trust.policy").read_text()
GOOD = (GOLDEN / "bundle-goods.json").read_bytes()
TAMPERED = GOOD.replace(b'"state":"written-off"', b'"state":"reported"')
CUT_OFF = GOOD[:20_000]
VERIFIED, FAILED, OPEN = "✓Verified", "✗Failed", "?Could not verify"


def until(locator):
    """What is expected of an element sooner or later; nothing is evaluated in the page, whose policy forbids that."""
    from playwright.sync_api import expect

    return expect(locator)


class Reader:
    """Somebody with the page open. `asked` is every address that the page wanted to load."""

    def __init__(self, browser, folder: Path, html: str, **context) -> None:
        self.folder = folder
        file = folder / "verify.html"
        file.write_text(html, encoding="utf-8")
        self.context = browser.new_context(**{"locale": "en-GB", **context})
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.wrong: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.wrong.append(message.text) if message.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.goto(file.as_uri())

    def choose(self, bundle: bytes, name: str = "bundle.json") -> None:
        self.page.set_input_files("#bundle", {"name": name, "mimeType": "application/json", "buffer": bundle})

    def choose_policy(self, policy: bytes) -> None:
        self.page.set_input_files("#policy_file", {"name": "trust.policy", "mimeType": "text/plain", "buffer": policy})

    def drop(self, bundle: bytes, onto: str = "#drop") -> None:
        data = self.page.evaluate_handle(
            """bytes => {
                const data = new DataTransfer();
                data.items.add(new File([new Uint8Array(bytes)], "dropped.json"));
                return data;
            }""",
            list(bundle),
        )
        for event in ("dragover", "drop"):
            self.page.dispatch_event(onto, event, {"dataTransfer": data})

    def trust(self, policy: str) -> None:
        self.page.fill("#policy", policy)

    def verdict(self) -> str:
        """Press the button, and read what the heading of the answer says."""
        self.page.click("#verify")
        until(self.page.locator("#verdict")).to_be_focused()
        return self.page.inner_text("#verdict").replace("\n", "")

    @property
    def said(self) -> str:
        return self.page.inner_text("#said")


@pytest.fixture
def reader(browser, tmp_path: Path) -> Iterator[Reader]:
    opened = Reader(browser, tmp_path, made())
    yield opened
    opened.context.close()
    assert opened.asked == [(tmp_path / "verify.html").as_uri()], "the page loads nothing but itself"
    assert opened.wrong == []


def test_a_good_bundle_is_verified_and_told(reader: Reader):
    reader.choose(GOOD)
    reader.trust(POLICY)
    assert reader.verdict() == VERIFIED
    sentence = "10.00\u00a0CNY, given on 3 March 2026 to “Schools in the hills”: 7.27\u00a0CNY delivered as goods in 2 deliveries"
    assert sentence in reader.said
    assert reader.page.locator("#said tbody tr").count() == 7
    assert "This bundle does not prove that the remaining 2.57\u00a0CNY is unspent." in reader.said
    assert "ledger.example.org/golden" in reader.said
    cells = reader.page.locator("#said tbody tr").nth(3).locator("td").all_inner_texts()
    assert cells == ["7.00 – 7.16", "0.16\u00a0CNY", "written off as lost", "school-books/mask-n95 0–20", "20.0 → 30.0 → 39.0"]


def test_a_tampered_bundle_fails_with_the_reason_and_without_the_gift(reader: Reader):
    reader.choose(TAMPERED)
    reader.trust(POLICY)
    assert reader.verdict() == FAILED
    assert "The flows of an entry are not those that the rules give. (record 11.0; tape-flow)" in reader.said
    assert "delivered" not in reader.said and reader.page.locator("#said table").count() == 0


def test_a_bundle_that_was_cut_off_could_not_be_verified(reader: Reader):
    reader.choose(CUT_OFF)
    reader.trust(POLICY)
    assert reader.verdict() == OPEN
    assert "Files are missing or cut off." in reader.said and "the file ends after 20000 bytes" in reader.said


def test_a_dropped_bundle_takes_the_place_of_the_one_before(reader: Reader):
    reader.trust(POLICY)
    reader.choose(TAMPERED)
    assert reader.verdict() == FAILED
    reader.drop(GOOD)
    assert reader.page.is_hidden("#result"), "an answer on another bundle is gone"
    assert "dropped.json" in reader.page.inner_text("#chosen")
    assert reader.verdict() == VERIFIED


def test_a_policy_comes_from_a_file_or_is_the_bare_key_of_the_log(reader: Reader):
    reader.choose(GOOD)
    assert reader.verdict() == OPEN and "No trust policy was given" in reader.said
    reader.trust(POLICY.splitlines()[0].split()[1])
    assert reader.verdict() == f"{VERIFIED}, unwitnessed" and "does not ask for a witness" in reader.said
    reader.choose_policy(POLICY.replace("two 2", "two 3").encode())
    until(reader.page.locator("#policy")).to_have_value(re.compile("two 3"))
    assert reader.verdict() == FAILED and "Fewer witnesses have cosigned" in reader.said
    reader.choose_policy(b"\xff\xfe")
    until(reader.page.locator("#state")).to_contain_text("UTF-8")
    reader.drop(POLICY.encode(), "#policy")
    until(reader.page.locator("#policy")).to_have_value(POLICY)
    assert reader.verdict() == VERIFIED


@pytest.mark.parametrize("quorum", ["two", "west"])
def test_a_witness_that_cannot_be_checked_is_named(reader: Reader, quorum: str):
    vkey = VerifierKey("witness.example.org/west", MLDSAKey.from_seed(bytes(32)).public, ML_DSA_COSIGNATURE)
    reader.choose(GOOD)
    reader.trust(POLICY.replace("quorum two", f"witness west {vkey.format()}\nquorum {quorum}"))
    assert reader.verdict() == (VERIFIED if quorum == "two" else OPEN)
    assert "The witness west was not checked, because its key is of a type (0x06) that this page cannot check." in reader.said
    assert ("could fill the quorum of the trust policy" in reader.said) == (quorum == "west")
    reader.page.click("[data-language='zh-CN']")
    assert "没有核对见证方west：本页无法核对其公钥类型（0x06）。" in reader.said


def test_without_a_bundle_nothing_is_said(reader: Reader):
    reader.page.click("#verify")
    assert reader.page.inner_text("#state") == "Choose a bundle first."
    assert reader.page.is_hidden("#result")


def test_overdue_items_are_judged_as_of_the_day_that_is_chosen(reader: Reader):
    assert reader.page.get_by_label("Judge what is overdue as of this day").input_value() == ""
    reader.choose(GOOD)
    reader.trust(POLICY)
    for day, said in (("2026-12-31", "31 December 2026"), ("2027-02-01", "1 February 2027")):
        reader.page.fill("#as_of", day)
        assert reader.verdict() == VERIFIED
        assert said in reader.said
    for day in ("", "2026-01-01"):
        reader.page.fill("#as_of", day)
        assert reader.verdict() == VERIFIED
        assert "2027" not in reader.said and "January" not in reader.said, "it is the day of the bundle's last entry"


def test_what_a_bundle_says_is_never_read_as_html(reader: Reader):
    reader.choose(GOOD.replace(b'"state":"written-off"', b'"state":"<img src=x onerror=alert(1)>"'), "<img src=x>.json")
    reader.trust(POLICY + "<script>alert(1)</script>\n")
    assert reader.verdict() == OPEN
    reader.trust(POLICY)
    assert reader.verdict() == FAILED
    assert reader.page.locator("img").count() == 0 and reader.page.locator("script").count() == 1


def test_it_can_be_used_with_the_keyboard_alone(reader: Reader):
    reader.choose(GOOD)
    reader.page.focus("#policy")
    reader.page.keyboard.insert_text(POLICY)
    for _ in range(9):  # over the file and the parts of the day
        reader.page.keyboard.press("Tab")
        if reader.page.evaluate("document.activeElement.id") == "verify":
            break
    assert reader.page.evaluate("document.activeElement.id") == "verify"
    reader.page.keyboard.press("Enter")
    until(reader.page.locator("#verdict")).to_be_focused()
    assert reader.page.inner_text("#verdict").endswith("Verified")


@pytest.mark.parametrize("locale", ["zh-CN", "zh-Hans-SG"])
def test_it_speaks_chinese_where_the_browser_does(browser, tmp_path: Path, locale: str):
    reader = Reader(browser, tmp_path, made(), locale=locale)
    assert reader.page.get_attribute("html", "lang") == "zh-CN"
    reader.choose(GOOD)
    reader.trust(POLICY)
    assert reader.verdict() == "✓验证通过"
    assert "2026年3月3日捐给“Schools in the hills”的10.00元：7.27元已用于2次物资发放" in reader.said
    reader.page.click("[data-language=en]")
    assert reader.page.inner_text("#verdict").endswith("Verified") and "given on 3 March 2026" in reader.said
    reader.context.close()


def test_a_policy_that_was_built_in_is_said_to_be_whose(browser, tmp_path: Path):
    reader = Reader(browser, tmp_path, made(POLICY, by="Open Giving & Co. <operator>"))
    assert "built into the page by Open Giving & Co. <operator>." in reader.page.inner_text("#whose")
    assert reader.page.input_value("#policy") == POLICY
    reader.choose(GOOD)
    assert reader.verdict() == VERIFIED
    reader.context.close()


@pytest.mark.parametrize(
    "over", ["delete window.crypto.subtle.__proto__.importKey", "Object.defineProperty(window, 'crypto', {value: {}})"]
)
def test_a_browser_without_ed25519_could_not_verify(browser, tmp_path: Path, over: str):
    reader = Reader(browser, tmp_path, made())
    reader.page.evaluate(over)
    reader.choose(GOOD)
    reader.trust(POLICY)
    assert reader.verdict() == OPEN
    assert "This browser cannot check signatures here." in reader.said
    reader.context.close()


@pytest.mark.parametrize(("scheme", "locale"), [("light", "en-GB"), ("dark", "zh-CN")])
def test_axe_finds_nothing(browser, tmp_path: Path, scheme: str, locale: str):
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        absent("axe-playwright-python is not installed")
    look = {"color_scheme": scheme, "locale": locale, "viewport": {"width": 390, "height": 800}}
    reader = Reader(browser, tmp_path, made(POLICY, by="Open Giving"), **look)
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    for bundle in (None, GOOD, TAMPERED, CUT_OFF):
        if bundle:
            reader.choose(bundle)
            reader.verdict()
        results = Axe().run(reader.page, options=options)
        assert results.violations_count == 0, results.generate_report()
    reader.context.close()

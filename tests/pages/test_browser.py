"""Every page in a browser: with and without JavaScript, in both languages, on a phone; and the verification box."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from api.app import create_app
from api.verifier.onefile import page as one_file
from ledger.log.key import SigningKey
from ledger.log.note import ED25519, VerifierKey
from tests.golden.reading import GOLDEN
from tests.pages.addresses import LANGUAGES, MISSING, PAGES, path_of, with_query
from tests.pages.town import Town

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1100, "height": 800}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
VERDICTS = {"verified": "✓Verified, unwitnessed", "failed": "✗Failed", "could not verify": "?Could not verify"}
STRANGER = VerifierKey("ledger.example.org/stranger", SigningKey.from_seed(bytes(32)).public, ED25519).format()
BROKEN = """cells => cells.filter((cell) => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  const lines = new Set([...range.getClientRects()].map((line) => Math.round(line.bottom / 8)));
  return lines.size > cell.textContent.split(/[\\s–→-]+/).length;
}).map((cell) => cell.textContent)"""
"""The cells of a table that stand on more lines than they have words."""
WITHOUT_SUBTLE = "Object.defineProperty(Crypto.prototype, 'subtle', {get: () => undefined})"


@pytest.fixture(scope="module")
def site(town: Town) -> Iterator[str]:
    """The address of a server of the story."""
    server = uvicorn.Server(uvicorn.Config(create_app(town.directory), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
        assert thread.is_alive(), "the server did not start"
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


class Reader:
    """Somebody with a page open. `asked` is every address that it wanted, `wrong` what the browser complained of."""

    def __init__(self, browser: Any, **context: Any) -> None:
        self.context = browser.new_context(**{"viewport": PHONE, **context})
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.wrong: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.wrong.append(message.text) if message.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))


@pytest.fixture
def opens(browser: Any) -> Iterator[Any]:
    """Opens readers, and closes them."""
    readers: list[Reader] = []

    def open_one(**context: Any) -> Reader:
        readers.append(Reader(browser, **context))
        return readers[-1]

    yield open_one
    for reader in readers:
        reader.context.close()


def violations(page: Any) -> list[str]:
    """What axe finds against WCAG 2.2 AA and good practice."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {one['help']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def test_axe_finds_what_is_wrong(opens: Any, site: str):
    """A page that was spoilt on purpose, so that finding nothing means something."""
    reader = opens(bypass_csp=True)
    reader.page.goto(site)
    reader.page.evaluate("document.documentElement.removeAttribute('lang'); document.body.append(document.createElement('img'))")
    found = {line.partition(":")[0] for line in violations(reader.page)}
    assert {"image-alt", "html-has-lang"} <= found


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone_and_axe_finds_nothing(opens: Any, site: str, town: Town, name: str, language: str, scheme: str):
    reader = opens(color_scheme=scheme, bypass_csp=True)
    reader.page.goto(with_query(f"{site}{path_of(town, name)}", lang=language))
    assert reader.page.get_attribute("html", "lang") == LANGUAGES[language]
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert violations(reader.page) == []
    assert all(address.startswith((site, "data:")) for address in reader.asked)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_pages_keep_their_own_policy(opens: Any, site: str, town: Town, language: str, script: bool):
    reader = opens(java_script_enabled=script, viewport=DESK)
    for name in PAGES:
        reader.page.goto(with_query(f"{site}{path_of(town, name)}", lang=language))
        assert reader.page.locator("main h1").count() == 1, name
        missed = [line for line in reader.wrong if "404" in line and name in MISSING]
        assert reader.wrong == missed, name
        reader.wrong.clear()
    assert all(address.startswith((site, "data:")) for address in reader.asked)
    assert not [address for address in reader.asked if address.endswith(("verify.js", "/bundle"))], "loaded only when asked"


def test_without_javascript_a_gift_is_found_and_the_box_says_what_is_left(opens: Any, site: str, town: Town):
    reader = opens(java_script_enabled=False, locale="en-GB")
    reader.page.goto(site)
    reader.page.fill("#ref", town.refs["gift"])
    reader.page.click("button[type=submit]")
    assert reader.page.url == f"{site}/g/{town.refs['gift']}"
    open_ways(reader)
    assert reader.page.is_hidden("#in_browser") and "needs JavaScript" in reader.page.inner_text("#verification")


def open_ways(reader: Reader) -> None:
    """Unfold the ways to check a gift."""
    reader.page.click("#verification summary")


def verdict(reader: Reader, address: str, key: str | None = None) -> str:
    """Open a gift, put in a key (None: the one that the site gives), press the button; what the box says."""
    from playwright.sync_api import expect

    reader.page.goto(address)
    open_ways(reader)
    if key is None:
        reader.page.click("#own_key")
    else:
        reader.page.fill("#key", key)
    reader.page.click("#check")
    head = reader.page.locator("#verdict_box .verdict")
    expect(head).to_be_visible()
    said = head.inner_text().replace("\n", "")
    assert said == VERDICTS[head.get_attribute("data-verdict")]
    return head.get_attribute("data-verdict")


@pytest.mark.parametrize("name", ["gift", "gift-waiting", "gift-dollars"])
def test_a_gift_is_verified_in_the_page(opens: Any, site: str, town: Town, name: str):
    reader = opens(locale="en-GB", bypass_csp=name == "gift")
    assert verdict(reader, site + path_of(town, name)) == "verified"
    assert name != "gift" or violations(reader.page) == []
    said = reader.page.inner_text("#verdict_box")
    assert "The key came from this site" in said and "What the bundle says:" in said
    policy = (town.directory / "trust.policy").read_text()
    assert verdict(reader, site + path_of(town, name), policy) == "verified"
    assert "The key came from this site" not in reader.page.inner_text("#verdict_box")
    same = reader.page.get_attribute("#verification", "data-vkey")
    assert verdict(reader, site + path_of(town, name), same) == "verified"
    assert "The key came from this site" not in reader.page.inner_text("#verdict_box"), "it was put in by the reader"
    assert reader.wrong == []


def test_a_gift_is_verified_in_chinese(opens: Any, site: str, town: Town):
    from playwright.sync_api import expect

    reader = opens(locale="zh-CN")
    reader.page.goto(site + path_of(town, "gift"))
    open_ways(reader)
    reader.page.click("#own_key")
    reader.page.click("#check")
    expect(reader.page.locator("#verdict_box .verdict")).to_have_text("✓验证通过（无见证方加签）")
    assert "的50.00元：" in reader.page.inner_text("#verdict_box .sentence")


def test_on_a_phone_the_one_file_verifier_breaks_no_word_of_its_table(opens: Any, tmp_path: Path):
    """The table may scroll sideways in its box; a fund, a reference and an amount stand whole."""
    from playwright.sync_api import expect

    (tmp_path / "verify.html").write_text(one_file(), encoding="utf-8")
    reader = opens(viewport={"width": 390, "height": 800}, locale="en-GB", bypass_csp=True)
    reader.page.goto((tmp_path / "verify.html").as_uri())
    reader.page.set_input_files("#bundle", GOLDEN / "bundle-goods.json")
    reader.page.fill("#policy", (GOLDEN / "trust.policy").read_text())
    reader.page.click("#verify")
    expect(reader.page.locator("#verdict")).to_have_attribute("data-verdict", "verified")
    cells = reader.page.locator("#said td")
    broken = cells.evaluate_all(BROKEN)
    assert cells.count() > 10 and broken == []
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_pinned_page_says_that_the_bundle_is_newer(opens: Any, site: str, town: Town):
    reader = opens(locale="en-GB")
    assert verdict(reader, f"{site}{path_of(town, 'gift')}?at_size={town.tree_size - 1}") == "verified"
    assert "a different number of entries" in reader.page.inner_text("#verdict_box")


@pytest.mark.parametrize(
    ("key", "says"),
    [("", "You did not enter a key"), ("  \n", "You did not enter a key"), ("nonsense", "This is not a key. A key is one line"),
     ("ledger.example.org/other+00000000+AAAA", "This is not a key. A key is one line"),
     ("log broken\nquorum none", "This is not a key. A key is one line"),
     (f"log {STRANGER}\nquorum none", "belongs to another log"), (STRANGER, "belongs to another log")],
)  # fmt: skip
def test_without_a_key_that_counts_nothing_is_verified_and_the_box_says_why(opens: Any, site: str, town: Town, key: str, says: str):
    reader = opens(locale="en-GB")
    assert verdict(reader, site + path_of(town, "gift"), key) == "could not verify"
    assert says in reader.page.inner_text("#verdict_box")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_shows_every_amount(opens: Any, site: str, town: Town, language: str):
    """No cell of a table of money reaches beyond the screen, or is hidden in a box that scrolls."""
    reader = opens(viewport={"width": 390, "height": 800})
    for name in ("home", "project", "charity", "payment", "gift"):
        reader.page.goto(with_query(f"{site}{path_of(town, name)}", lang=language))
        cells = reader.page.locator("main td.number:visible, main .amount:visible")
        assert cells.count(), name
        for cell in cells.all():
            if cell.evaluate("cell => !cell.closest('.flow') && !cell.closest('details')"):
                box = cell.bounding_box()
                assert box["x"] >= 0 and box["x"] + box["width"] <= 390, (name, cell.inner_text())


def answered(reader: Reader, change: Any) -> None:
    """Have every bundle arrive changed."""

    def arrive(route: Any) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=change(response.body()))

    reader.page.route("**/bundle", arrive)


def test_a_tampered_bundle_fails(opens: Any, site: str, town: Town):
    reader = opens(locale="en-GB")
    answered(reader, lambda raw: raw.replace(b'"state":"reported"', b'"state":"received"'))
    assert verdict(reader, site + path_of(town, "gift")) == "failed"
    assert "tape-flow" in reader.page.inner_text("#verdict_box")


def test_a_truncated_bundle_is_not_verified(opens: Any, site: str, town: Town):
    reader = opens(locale="en-GB")
    answered(reader, lambda raw: raw[: len(raw) // 2])
    assert verdict(reader, site + path_of(town, "gift")) == "could not verify"


def test_a_true_bundle_of_another_gift_fails(opens: Any, site: str, town: Town):
    reader = opens(locale="en-GB")
    other = f"{site}/v1/donations/{town.refs['waiting']}/bundle"
    reader.page.route("**/bundle", lambda route: route.fulfill(response=route.fetch(url=other)))
    assert verdict(reader, site + path_of(town, "gift")) == "failed"
    assert "another gift" in reader.page.inner_text("#verdict_box")


def test_a_page_that_says_something_else_than_its_bundle_fails(opens: Any, site: str, town: Town):
    reader = opens(locale="en-GB")

    def lie(route: Any) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace('"reported":', '"held":'))

    reader.page.route("**/g/*", lie)
    assert verdict(reader, site + path_of(town, "gift")) == "failed"


@pytest.mark.parametrize("lost", ["**/bundle", "**/verify.js", "**/strings.js"])
def test_what_does_not_arrive_is_not_verified(opens: Any, site: str, town: Town, lost: str):
    reader = opens(locale="en-GB")
    reader.page.route(lost, lambda route: route.abort())
    assert verdict(reader, site + path_of(town, "gift")) == "could not verify"


def test_a_browser_without_subtle_could_not_verify(opens: Any, site: str, town: Town):
    reader = opens(locale="en-GB")
    reader.page.add_init_script(WITHOUT_SUBTLE)
    assert verdict(reader, site + path_of(town, "gift")) == "could not verify"
    assert "This browser cannot check signatures here." in reader.page.inner_text("#verdict_box")


def test_the_box_is_used_with_the_keyboard_alone(opens: Any, site: str, town: Town):
    from playwright.sync_api import expect

    reader = opens(locale="en-GB")
    reader.page.goto(site + path_of(town, "gift"))
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate("document.activeElement.className") == "skip"
    reader.page.focus("#verification summary")
    reader.page.keyboard.press("Enter")
    reader.page.focus("#own_key")
    reader.page.keyboard.press("Enter")
    assert reader.page.evaluate("document.activeElement.id") == "key"
    for _ in range(2):
        reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator("#verdict_box .verdict")).to_be_visible()

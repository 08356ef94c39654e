// The verification box on a gift's page. The verifier and the bundle are loaded only when the reader asks for them. Nothing that is
// shown is parsed as HTML. What cannot be loaded or read is never verified.

const box = document.getElementById("verification");
const form = document.getElementById("in_browser");
const said = document.getElementById("verdict_box");
const key = document.getElementById("key");
const ICONS = { verified: "✓", failed: "✗", "could not verify": "?" };
const STYLES = { verified: "verified", failed: "failed", "could not verify": "undecided" };
const KEY = /^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/;
/** The explanation of a finding about the key or the policy. */
const EXPLAINED = { policy: "form", note: "form", "trust-anchor": "stranger" };
let isOwnKey = false;

/** An element with a class and children; the children are elements or texts. */
function made(name, style, ...children) {
  const element = document.createElement(name);
  if (style) element.className = style;
  element.append(...children);
  return element;
}

/** The policy that the reader entered. A bare verifier key means a policy with that log and no witnesses. */
function policyText(text) {
  const put = text.trim();
  if (!put) return "";
  return /\s/.test(put) ? `${text.replace(/\n+$/, "")}\n` : `log ${put}\nquorum none\n`;
}

/** What is wrong with what the reader entered, before anything is loaded: the name of a sentence, or "". */
function slip(text) {
  const put = text.trim();
  if (!put) return "empty";
  return /\s/.test(put) || KEY.test(put) ? "" : "form";
}

async function load(address) {
  const response = await fetch(address, { cache: "no-store", credentials: "omit" });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Whether a verified bundle is about the gift on this page and, if both are of the same entries, agrees with this page. */
function fits(report) {
  if (report.gift?.ref !== box.dataset.ref) return false;
  if (String(report.tree_size) !== box.dataset.size) return true;
  const shown = JSON.parse(box.dataset.totals);
  const names = new Set([...Object.keys(shown), ...Object.keys(report.gift.totals)]);
  return [...names].every((name) => (shown[name] ?? 0) === (report.gift.totals[name] ?? 0));
}

function show(verdict, words, ...more) {
  return showAs(said.dataset[STYLES[verdict]], verdict, words, ...more);
}

function showAs(name, verdict, words, ...more) {
  const icon = made("span", "icon", ICONS[verdict]);
  icon.setAttribute("aria-hidden", "true");
  const head = made("p", `verdict ${STYLES[verdict]}`, icon, name);
  head.dataset.verdict = verdict;
  said.replaceChildren(head, ...(words ? [made("p", "", words)] : []), ...more);
}

function findings(report, words) {
  const items = report.findings.map((one) => made("li", "", words.found[one.id] ?? one.id, made("span", "hint", ` (${one.id}) ${one.message}`)));
  return made("ul", "", ...items);
}

function explained(report) {
  const names = new Set(report.findings.map((one) => EXPLAINED[one.id]).filter(Boolean));
  return report.verdict === "could not verify" ? [...names].map((name) => made("p", "", said.dataset[name])) : [];
}

function showVerified(report, words, spoken, isOwn) {
  if (!fits(report)) return show("failed", said.dataset.other);
  const more = [];
  if (isOwn) more.push(made("p", "", said.dataset.own));
  if (String(report.tree_size) !== box.dataset.size) more.push(made("p", "", said.dataset.newer));
  more.push(made("p", "", said.dataset.says), made("p", "sentence", words.sentence(report.gift)));
  if (report.findings.length) more.push(findings(report, words));
  const name = report.witnessed ? said.dataset.verified : said.dataset.unwitnessed;
  return showAs(name, "verified", words.meanings[spoken(report)], ...more);
}

async function verify() {
  const wrong = slip(key.value);
  if (wrong) {
    show("could not verify", said.dataset[wrong]);
    return;
  }
  said.replaceChildren(made("p", "", said.dataset.loading));
  const policy = policyText(key.value);
  try {
    const [{ spoken, verifyBundle }, { LANGUAGES }, bytes] = await Promise.all([
      import(box.dataset.verifier), import(box.dataset.strings), load(box.dataset.bundle),
    ]);
    const words = LANGUAGES[box.dataset.language];
    const report = await verifyBundle(bytes, policy, { asOf: box.dataset.day });
    if (report.verdict === "verified") showVerified(report, words, spoken, isOwnKey);
    else show(report.verdict, words.meanings[report.verdict], ...explained(report), findings(report, words));
  } catch (error) {
    show("could not verify", said.dataset.unreachable.replace("{reason}", () => error.message));
  }
}

document.getElementById("own_key").addEventListener("click", () => {
  key.value = box.dataset.vkey;
  isOwnKey = true;
  key.focus();
});
key.addEventListener("input", () => {
  isOwnKey = false;
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  verify();
});
form.hidden = false;

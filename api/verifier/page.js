// The page around the verifier: it takes a bundle and a policy from the reader, and shows the result of `verifyBundle`. Nothing
// that it shows is parsed as HTML.

import { amountSaid, filled } from "./sentence.js";
import { LANGUAGES } from "./strings.js";
import { claimed, spoken, unknownWitnesses, verifyBundle } from "./verify.js";

const BUNDLE_BYTES = 64 * 2 ** 20;
const ICONS = { verified: "✓", failed: "✗", "could not verify": "?" };
const STYLES = { verified: "verified", failed: "failed", "could not verify": "open" };
const page = { words: LANGUAGES.en, bundle: null, report: null };
const at = (id) => document.getElementById(id);

/** An element with attributes and children; the children are elements or texts. */
function made(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function speak(language) {
  page.words = LANGUAGES[language];
  document.documentElement.lang = language;
  document.title = `GiveTrail: ${page.words.title}`;
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = page.words[element.dataset.say];
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  at("languages").setAttribute("aria-label", page.words.languages);
  const { by } = at("whose").dataset;
  at("whose").textContent = by ? filled(page.words.policy_by, { by }) : page.words.policy_none;
  at("state").textContent = "";
  showChosen();
  if (page.report) show();
}

function showChosen() {
  at("chosen").textContent = page.bundle ? filled(page.words.bundle_chosen, page.bundle) : page.words.bundle_none;
}

function choose(file) {
  if (!file) return;
  page.bundle = file;
  page.report = null;
  at("result").hidden = true;
  showChosen();
}

async function choosePolicy(file) {
  if (!file) return;
  at("state").textContent = "";
  try {
    at("policy").value = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer());
  } catch {
    at("state").textContent = page.words.policy_not_text;
  }
}

/** The policy that the reader entered. A bare verifier key means a policy with that log and no witnesses. */
function policyText(text) {
  const said = text.trim();
  if (!said) return "";
  return /\s/.test(said) ? `${text.replace(/\n+$/, "")}\n` : `log ${said}\nquorum none\n`;
}

async function verify() {
  if (!page.bundle) {
    at("state").textContent = page.words.choose_first;
    at("bundle").focus();
    return;
  }
  at("state").textContent = page.words.verifying;
  const bytes = new Uint8Array(await page.bundle.slice(0, BUNDLE_BYTES + 1).arrayBuffer());
  page.report = await verifyBundle(bytes, policyText(at("policy").value), { asOf: at("as_of").value });
  at("state").textContent = "";
  show();
  at("verdict").focus();
}

function show() {
  const { report, words } = page;
  at("result").hidden = false;
  at("verdict").className = STYLES[report.verdict];
  at("verdict").dataset.verdict = report.verdict;
  const icon = made("span", { class: "icon", "aria-hidden": "true" }, ICONS[report.verdict]);
  at("verdict").replaceChildren(icon, words.verdicts[spoken(report)]);
  const parts = [made("p", {}, words.meanings[spoken(report)])];
  if (report.findings.length) parts.push(made("h3", {}, words.findings), findings(report));
  if (report.verdict === "verified") {
    const said = (minor, exponent, unit) => amountSaid(words, minor, exponent, unit, report.gift.called.goods);
    const { signed, amount, exponent, unit } = report.gift;
    const headline = filled(words.signed, { signed: said(signed, exponent, unit), amount: said(amount, exponent, unit) });
    parts.push(made("h3", {}, words.gift), made("p", {}, made("strong", {}, headline)));
    parts.push(made("p", { class: "sentence" }, words.sentence(report.gift)));
    parts.push(made("h3", { id: "ranges" }, words.ranges), ranges(report.gift));
    parts.push(made("h3", {}, words.proved), list(words.proofs));
    parts.push(made("h3", {}, words.claimed), list(claimed(report, words, said)));
  } else if (report.passed_over.length) {
    parts.push(made("h3", {}, words.claimed), list(unknownWitnesses(report, words)));
  }
  if (report.origin) parts.push(made("h3", {}, words.details), facts(report));
  at("said").replaceChildren(...parts);
}

function list(texts) {
  return made("ul", {}, ...texts.map((text) => made("li", {}, text)));
}

function findings({ findings: found }) {
  const { words } = page;
  const items = found.map(({ id, entry, record, message }) => {
    const where = entry < 0 ? words.whole : filled(record < 0 ? words.entry : words.record, { entry, record });
    const place = made("span", { class: "id" }, filled(words.place, { where, id }));
    return made("li", {}, words.found[id] ?? id, place, made("span", { class: "message", lang: "en" }, message));
  });
  return made("ul", {}, ...items);
}

/** The gift's own units in a table: their range, state, tape, and records. */
function ranges(gift) {
  const { words } = page;
  const said = (minor) => amountSaid(words, minor, gift.exponent, gift.unit, gift.called.goods);
  const bare = (minor) => amountSaid({ ...words, goods: "{amount}" }, minor, gift.exponent, "");
  const stateOf = (state, level) => (level ? filled(words.state, { state, level: words.levels[level] ?? level }) : state);
  const rows = gift.pieces.map(({ start, end, state, level, tape, at: [from, to], path }) => made(
    "tr", {},
    made("td", { class: "number" }, filled(words.range, { start: bare(start), end: bare(end) })),
    made("td", { class: "number" }, said(end - start)),
    made("td", {}, stateOf(words.states[state], level)),
    made("td", {}, made("code", {}, `${tape} ${from}–${to}`)),
    made("td", {}, path.length ? made("code", {}, path.join(" → ")) : words.as_given),
  ));
  const heads = Object.values(words.columns).map((text) => made("th", { scope: "col" }, text));
  const [head, body] = [made("thead", {}, made("tr", {}, ...heads)), made("tbody", {}, ...rows)];
  const table = made("table", { "aria-labelledby": "ranges" }, head, body);
  return made("div", { class: "wide", tabindex: "0", role: "region", "aria-labelledby": "ranges" }, table);
}

function facts(report) {
  const values = { as_of: report.as_of ? page.words.day(report.as_of) : undefined, origin: report.origin, tree_size: report.tree_size, entries: report.checked.entries, gift: report.gift?.ref };
  const known = Object.entries(page.words.facts).filter(([name]) => values[name] !== undefined);
  return made("dl", {}, ...known.flatMap(([name, text]) => [made("dt", {}, text), made("dd", {}, String(values[name]))]));
}

function takeDrops() {
  const over = (event, inside) => {
    event.preventDefault();
    at("drop").classList.toggle("over", inside);
  };
  document.addEventListener("dragover", (event) => over(event, true));
  document.addEventListener("dragleave", (event) => over(event, false));
  document.addEventListener("drop", (event) => {
    over(event, false);
    const [file] = event.dataTransfer.files;
    if (event.target === at("policy")) choosePolicy(file);
    else choose(file);
  });
}

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => speak(button.dataset.language));
}
at("bundle").addEventListener("change", () => choose(at("bundle").files[0]));
at("policy_file").addEventListener("change", () => choosePolicy(at("policy_file").files[0]));
at("form").addEventListener("submit", (event) => {
  event.preventDefault();
  verify();
});
takeDrops();
speak(navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en");

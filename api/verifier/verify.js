// The verification of a trace bundle: one gift, offline, with nothing but the bundle and a trust policy. The only entry point of
// the module is `verifyBundle`. Of the browser it needs only `crypto.subtle` with SHA-256 and Ed25519.
//
// There are three verdicts. A bundle that cannot be read, or cannot be checked here, is never verified.

import { hear } from "./books.js";
import { encode, fromBase64, fromHex, hasMembers, outsideProfile, parse, toHex } from "./canonical.js";
import { lacking } from "./ed25519.js";
import { examine } from "./entry.js";
import { Fault, Malformed, Missing, Refused, shown } from "./fault.js";
import { TYPES } from "./forms.js";
import { followGift, rangesOf, sentence } from "./gift.js";
import { leafHash, verifyInclusion } from "./merkle.js";
import { localDay, momentOf } from "./moment.js";
import { money } from "./money.js";
import { parseCheckpoint, parseNote } from "./note.js";
import { disorder } from "./order.js";
import { asksWitnesses, checkCheckpoint, parsePolicy, passedOver } from "./policy.js";
import { keyRegistry } from "./signers.js";
import { successions } from "./succession.js";
import { inOrder } from "./tape.js";
import { Flows } from "./trace.js";
import { undamagedBytes } from "./transport.js";

const VERSION = 1;
const BEGINNING = '{"checkpoint":"';
const BUNDLE_BYTES = 64 * 2 ** 20;
const WHOLE = -1;
const MEMBERS = ["checkpoint", "entries", "gift", "openings", "ranges", "v"];
const FIRST_PREV = "0".repeat(64);
const [SIGNED_AHEAD_S, SIGNED_BEFORE_S] = [5 * 60, 30 * 24 * 3600];
const GIFT = /^(?:0|[1-9][0-9]{0,15})\.(?:0|[1-9][0-9]{0,2})$/;

/** Findings that people must judge; the verdict can still be "verified". */
export const AUDIT = ["continued-after-loss", "exponent", "return-against-receipt", "late-void", "recovery"];

/** Findings that say that something could not be judged. Every other finding that is not in AUDIT says that something is false. */
export const UNKNOWN = ["missing", "version", "unknown-kind", "unknown-member", "trust-anchor", "unknown-witness", "rules", "transport"];

export const PROVED = [
  "every entry of the bundle is in the log, under the checkpoint that the log signed",
  "every statement is signed with keys that entries of the bundle give to a party, including a key of the party that makes it",
  "everyone who made or signed a record had the right to, and the record keeps the rules, as far as the entries of the bundle can show",
  "the flows of these entries lead the gift to where the bundle says, without gaps or overlaps",
];
/** What a report says that it did not check. */
export const NOT_CHECKED = {
  witnesses: "Not checked: witnesses, because the trust policy asks for none; the log could show other people another history",
  passed_over: "Not checked: witness {witness}, because its key is of a type that this version does not know ({type})",
  remaining: "Not checked (needs a full audit): that the remaining {amount} is unspent",
  overseers: "Not checked: that each overseer who signed is who it says: {parties} (--overseers FILE names those that you know)",
  whose: "Not checked: whose gift it is, because its record names no donor and no one-time key; two donors could be shown the same one",
  between_words: ", ",
  claims: [
    "Not checked (needs a full audit): that nothing was reversed and no key was revoked",
    "Not checked (needs a full audit): that no earlier entry declared the unit, fund, project, activity or a party otherwise",
    "Not checked (needs a full audit): that each payment used the oldest money left in the fund",
    "Not checked (needs a full audit): rules that depend on other entries, such as cost limits",
    "Not checked: evidence files, because the ledger holds only their digests",
    "Not checked: the world, because no ledger can prove that goods arrived or that a figure is true",
  ],
};

/**
 * Check a trace bundle against a trust policy.
 *
 * `bytes` is the bundle; `policyText` is the text of the policy file, "" or null if there is none. The answer has `verdict`
 * ("verified", "failed", "could not verify"), `witnessed` (whether the witnesses that the policy requires have cosigned),
 * `witnesses_asked` (false if a policy asks for none), `passed_over` (`witness` and `type` of each witness of the policy whose key
 * is of a type that cannot be checked here, such as ML-DSA-44, 0x06), `overseers` (those that signed for others in the bundle; nobody here says
 * which of them the reader knows), `as_of` (the day as of which overdue items
 * are judged: `asOf`, or that of the bundle's last entry if it is later), `origin` and `tree_size` of the log, `gift` (its trace,
 * with `sentence` and `pieces`) or null, `findings` (`id`, `class`, `entry`, `record`, `message`; -1 stands for the whole),
 * `checked`, `proved` and `not_checked`. It never rejects.
 */
export async function verifyBundle(bytes, policyText, { subtle = globalThis.crypto?.subtle, asOf = "" } = {}) {
  try {
    const why = await lacking(subtle);
    if (why) throw new Malformed("browser", why);
    if (asOf && !new RegExp(TYPES.Day.pattern).test(asOf)) {
      throw new Malformed("usage", `as of ${shown(asOf)}: is not a day; write it as YYYY-MM-DD, such as 2026-09-07`);
    }
    const policy = policyText ? await parsePolicy(subtle, policyText) : null;
    const reading = new Reading(subtle, await undamagedBytes(bytes, "bundle", parseBundle), policy, asOf);
    await judge(reading);
    return reading.report;
  } catch (error) {
    const id = error instanceof Fault ? error.rule : "internal";
    return { ...empty(), findings: [{ id, class: "unknown", entry: WHOLE, record: WHOLE, message: error.message }] };
  }
}

function empty() {
  return {
    verdict: "could not verify", witnessed: false, witnesses_asked: true, passed_over: [], overseers: [], as_of: "", origin: "", tree_size: 0, gift: null,
    findings: [], checked: { entries: 0 }, proved: [], not_checked: NOT_CHECKED.claims,
  };
}

/** The witnesses whose key is of a type that cannot be checked here, each in a sentence. */
export function unknownWitnesses({ passed_over: passed }, words) {
  return passed.map(({ witness, type }) => words.passed_over.replace(/\{(witness|type)\}/g, (_, name) => ({ witness, type })[name]));
}

/** What was not checked, in these words: witnesses that the policy does not ask for, or that are passed over, that what remains is unspent, whether the
 *  overseers are who they say, whose gift it is if its record does not tell, and what no bundle can prove of any gift. `said` writes an amount. */
export function claimed(report, words, said = money) {
  const { gift, witnesses_asked: asked, overseers } = report;
  const left = gift ? (gift.totals.held ?? 0) + (gift.totals.allocated ?? 0) + gift.unspent_covered : 0;
  return [
    ...(asked ? [] : [words.witnesses]),
    ...unknownWitnesses(report, words),
    ...(left ? [words.remaining.replace("{amount}", said(left, gift.exponent, gift.unit))] : []),
    ...(overseers.length ? [words.overseers.replace("{parties}", overseers.join(words.between_words))] : []),
    ...(gift?.names_nobody ? [words.whose] : []),
    ...words.claims,
  ];
}

/** The name of the verdict for people. If no witness has cosigned, it says so. */
export function spoken({ verdict, witnessed }) {
  return verdict === "verified" && !witnessed ? "verified, unwitnessed" : verdict;
}

/** The inverse of how a bundle is printed; nothing in it is verified yet. Throws Fault. */
function parseBundle(bytes) {
  if (bytes.length > BUNDLE_BYTES) throw new Malformed("size-limit", `bundle: at most ${BUNDLE_BYTES} bytes are allowed`);
  const value = parseWhole(bytes);
  const outside = outsideProfile(value, "bundle");
  if (outside) throw new Malformed("canonical", outside);
  if (!hasMembers(value, MEMBERS) || typeof value.v !== "number") throw noBundle(`must have ${MEMBERS.join(", ")}`);
  if (value.v !== VERSION) throw new Malformed("version", `bundle: v ${value.v}; this program knows ${VERSION} only`);
  if (typeof value.checkpoint !== "string" || encode(value.openings) !== "[]") throw noBundle("no checkpoint, or openings");
  if (typeof value.gift !== "string" || !GIFT.test(value.gift)) throw noBundle("does not name a gift");
  if (!Array.isArray(value.entries)) throw noBundle("has no entries");
  const entries = value.entries.map(entryOf);
  if (entries.some(({ index }, i) => index < 0 || (i > 0 && entries[i - 1].index >= index))) {
    throw noBundle("its entries must be sorted by index, each once");
  }
  return { ...value, entries };
}

function parseWhole(bytes) {
  try {
    return parse(bytes, "bundle");
  } catch (error) {
    const begins = BEGINNING.startsWith(new TextDecoder().decode(bytes.subarray(0, BEGINNING.length)));
    throw error.early && begins ? new Malformed("missing", `bundle: the file ends after ${bytes.length} bytes; get it again`) : error;
  }
}

function entryOf(value) {
  const formed = hasMembers(value, ["entry", "index", "proof"]) && typeof value.index === "number" && Array.isArray(value.proof);
  const texts = formed && [value.entry, ...value.proof].every((text) => typeof text === "string");
  if (!texts) throw noBundle("an entry is of another form");
  return { index: value.index, bytes: fromBase64(value.entry), proof: value.proof.map(fromHex) };
}

function noBundle(why) {
  return new Malformed("bundle", `bundle: ${why}; get it again`);
}

/** One bundle being read, and the report on it. */
class Reading {
  constructor(subtle, bundle, policy, asOf) {
    [this.subtle, this.bundle, this.policy, this.asOf, this.report] = [subtle, bundle, policy, asOf, empty()];
    [this.leaves, this.hashes, this.checkpoint] = [new Map(), new Map(), null];
  }

  /** With `named`, the record says itself that it broke this rule of conduct. */
  find(id, entry, record, message, named = false) {
    const kind = named || AUDIT.includes(id) ? "audit" : UNKNOWN.includes(id) ? "unknown" : "broken";
    this.report.findings.push({ id, class: kind, entry, record: Number(record), message });
  }
}

async function judge(reading) {
  const { report, leaves } = reading;
  await judgeCheckpoint(reading);
  for (const entry of reading.bundle.entries) await judgeEntry(reading, entry);
  // Records that are not in the log, or are not what was signed, prove nothing, and following them could only take long.
  const sound = report.findings.every(({ entry }) => entry === WHOLE);
  const known = keyRegistry(leaves);
  for (const fault of known.found) reading.find(...fault);
  const proofs = new Map(reading.bundle.entries.map(({ index, proof }) => [index, proof]));
  for (const fault of await successions(reading.subtle, leaves, proofs, reading.checkpoint)) reading.find(...fault);
  judgeHistory(reading);
  judgeLine(reading);
  report.gift = sound ? followed(reading, known) : null;
  report.overseers = [...known.overseers].sort();
  report.not_checked = claimed(report, NOT_CHECKED);
  report.findings = sorted(report.findings);
  const classes = report.findings.map((finding) => finding.class);
  report.verdict = classes.includes("broken") ? "failed" : classes.includes("unknown") ? "could not verify" : "verified";
  report.proved = report.verdict === "verified" ? PROVED : [];
  report.checked = { entries: leaves.size };
}

async function judgeCheckpoint(reading) {
  const { subtle, policy, report } = reading;
  const note = parseNote(reading.bundle.checkpoint);
  const checkpoint = (reading.checkpoint = await parseCheckpoint(note.text));
  [report.origin, report.tree_size] = [checkpoint.origin, checkpoint.treeSize];
  report.witnesses_asked = !policy || asksWitnesses(policy);
  report.passed_over = policy ? passedOver(policy) : [];
  try {
    if (!policy) throw new Refused("trust-anchor", "no trust policy was given; choose one, because it says which log and witnesses to trust");
    await checkCheckpoint(subtle, policy, note, checkpoint);
    report.witnessed = report.witnesses_asked;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    reading.find(error.rule, WHOLE, WHOLE, error.message);
  }
}

async function judgeEntry(reading, { index, bytes, proof }) {
  const { subtle, checkpoint } = reading;
  const hash = await leafHash(subtle, bytes);
  reading.hashes.set(index, toHex(hash));
  const { entry, leaf, faults } = await examine(subtle, bytes, index);
  for (const fault of faults) reading.find(fault.rule, index, WHOLE, fault.message);
  try {
    await verifyInclusion(subtle, hash, index, checkpoint.treeSize, proof, checkpoint.root);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    reading.find(error.rule, index, WHOLE, error.message);
  }
  if (leaf) reading.leaves.set(index, leaf);
  if (leaf?.malformed) reading.find("tape-flow", index, WHOLE, "flows: each must be a list [record, sign, tape, start, end]");
  if (entry && entry.index !== index) reading.find("chain", index, WHOLE, `index ${entry.index}: it is at position ${index}`);
}

/** Check that every statement was made for this history, as far as the bundle shows it. */
function judgeHistory(reading) {
  const { leaves, hashes } = reading;
  for (const { index, after, afterHash } of leaves.values()) {
    if (after >= index || (after < 0 && index > 0) || (hashes.get(after) ?? afterHash) !== afterHash) {
      reading.find("after", index, WHOLE, `after ${after}: that entry has a different hash, or comes later`);
    }
  }
}

/** Whether an entry with these records turns the clock of the log back; its own time is then the true one. */
function correctsClock(records) {
  return records[0].kind === "clock-correction";
}

/** The time of the log after an entry, if it was `before`. */
function timeAfter(before, { time, records }) {
  return time > before || correctsClock(records) ? time : before;
}

/** Check that adjacent entries are chained, that times never go backwards and are near the times at which statements were signed,
 *  and that no statement occurs twice. */
function judgeLine(reading) {
  const names = new Map();
  let latest = "";
  for (const { index, prev, time, signedAt, party, id, records } of reading.leaves.values()) {
    const name = `${party} ${id}`;
    const before = index === 0 ? FIRST_PREV : reading.hashes.get(index - 1) ?? prev;
    if (prev !== before) reading.find("chain", index, WHOLE, `prev ${prev}: the entry before it has a different hash`);
    if (time < latest && !correctsClock(records)) reading.find("time", index, WHOLE, `time ${time}: is before ${latest}, the time of an earlier entry`);
    const ahead = (momentOf(signedAt) - momentOf(time)) / 1000;
    const isNear = ahead <= SIGNED_AHEAD_S && -ahead <= SIGNED_BEFORE_S;
    if (!isNear) reading.find("time", index, WHOLE, `signed_at ${signedAt}: is not near the entry's time ${time}`);
    if (names.has(name)) reading.find("statement-id", index, WHOLE, `${names.get(name)} was recorded first with the same one; record each thing once`);
    else names.set(name, index);
    latest = timeAfter(latest, { time, records });
  }
}

/** Judge what the bundle's own entries say, follow the gift again through them, and compare with what the bundle says; null if that
 *  is not possible. */
function followed(reading, known) {
  const { bundle, leaves } = reading;
  const crooked = disorder(leaves);
  for (const fault of crooked) reading.find("tape-flow", ...fault);
  if (crooked.length) return null;
  try {
    const books = hear(leaves, known);
    for (const fault of books.found) reading.find(...fault);
    if (books.found.some(([id]) => id === "tape-flow")) return null;
    const head = [...leaves.values()].reduce((latest, leaf) => timeAfter(latest, leaf), "");
    const last = head ? localDay(books, head) : "";
    const day = reading.asOf > last ? reading.asOf : last;
    const trace = followGift(new Flows(leaves, books), bundle.gift, day);
    reading.report.as_of = day;
    judgeRanges(reading, trace);
    return { ...trace, called: called(leaves, trace), sentence: sentence(trace) };
  } catch (error) {
    if (!(error instanceof Missing || error instanceof Refused)) throw error;
    reading.find(error.rule, ...(error.where ? placeOf(error.where) : [WHOLE, WHOLE]), error.message);
    return null;
  }
}

/** The names that the bundle's entries give to the gift's fund and unit; "" if there is none. */
function called(leaves, { fund, unit }) {
  const records = [...leaves.values()].flatMap((leaf) => leaf.records);
  const name = (kinds, member, id) => records.find((record) => kinds.includes(record.kind) && record[member] === id)?.name ?? "";
  return { fund: name(["fund", "project", "activity"], "id", fund), goods: name(["unit"], "unit", unit) };
}

function judgeRanges(reading, trace) {
  const place = placeOf(trace.ref);
  const say = (minor) => money(minor, trace.exponent, trace.unit);
  let at = 0;
  for (const { start, end } of trace.pieces) {
    if (start !== at) reading.find("tape-flow", ...place, `ranges: there is a gap or an overlap at ${say(at)} of the gift`);
    at = end;
  }
  if (at !== trace.amount) reading.find("tape-flow", ...place, `ranges: they end at ${say(at)}, but the gift is ${say(trace.amount)}`);
  if (encode(rangesOf(trace)) !== encode(reading.bundle.ranges)) {
    reading.find("tape-flow", ...place, "ranges: they differ from what the entries give");
  }
}

/** The [entry, record] in a record's name. */
function placeOf(ref) {
  return ref.split(".").map(Number);
}

function sorted(findings) {
  const fields = ({ entry, record, id, message }) => [entry, record, id, message];
  const once = new Map(findings.map((finding) => [JSON.stringify(fields(finding)), finding]));
  return [...once.values()].sort((one, other) => inOrder(fields(one), fields(other)));
}

// The entry (formats §3), a statement with its place: what its bytes show.

import { rootsOf } from "./bank.js";
import { Odd, bytesOf, encode, fromBase64, hasMembers, isObject, joined, outsideProfile, parse, toHex } from "./canonical.js";
import { fitsStatement, isPartyKey } from "./ed25519.js";
import { Fault, shown } from "./fault.js";
import { digestsOf } from "./holders.js";
import { checkStatement } from "./schema.js";

const VERSION = 1;
const ENTRY_BYTES = 65_535;
const STATEMENT_BYTES = 45_056;
const SIGNATURES = 8;
const MEMBERS = ["flows", "index", "prev", "signatures", "statement", "time", "v"];
const PAYLOAD_TYPE = "application/vnd.givetrail.statement.v1+json";
const PREV = /^[0-9a-f]{64}$/;
const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/;

/** Judge the entry at `index` by its bytes alone. `entry` is null if the bytes are not an entry; `leaf` is null if the statement is
 *  malformed; `faults` are what is wrong with it. */
export async function examine(subtle, bytes, index) {
  const examined = { entry: null, leaf: null, faults: [] };
  let value = null;
  try {
    checkSize(bytes, ENTRY_BYTES, "entry");
    value = parse(bytes, "entry");
    examined.entry = entryOf(value);
    checkSize(examined.entry.statementBytes, STATEMENT_BYTES, "statement");
    checkStatement(value.statement);
    const { records } = value.statement;
    const opened = new Map([...(await digestsOf(subtle, records)), ...(await rootsOf(subtle, records))]);
    examined.leaf = { ...leafOf(examined.entry, index), opened };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const outside = error.rule === "schema" ? outsideProfile(value, "entry") : "";
    examined.faults.push(outside ? new Fault("canonical", outside) : error);
  }
  if (examined.entry) examined.faults.push(...(await falseSignatures(subtle, examined.entry)));
  return examined;
}

function checkSize(bytes, most, what) {
  if (bytes.length > most) throw new Fault("size-limit", `${what}: ${bytes.length} bytes; at most ${most} are allowed`);
}

function entryOf(value) {
  const whole = (v) => typeof v === "number" || typeof v === "boolean" || (v instanceof Odd && v.whole);
  if (!isObject(value) || !whole(value.v)) throw wrong("entry: has no version `v`");
  if (value.v !== VERSION) throw new Fault("version", `entry: v ${shown(value.v)}; this program knows ${VERSION} only`);
  const unknown = Object.keys(value).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) throw new Fault("unknown-member", `entry: ${shown(unknown)} is not a member that this program knows`);
  if (Object.keys(value).length !== MEMBERS.length) throw wrong(`entry: the members must be ${MEMBERS.join(", ")}`);
  if (typeof value.index !== "number" || value.index < 0) throw wrong("index: must be a whole number from 0");
  if (typeof value.prev !== "string" || !PREV.test(value.prev)) throw wrong("prev: must be 64 digits of lower-case hex");
  if (typeof value.time !== "string" || !TIME.test(value.time)) throw wrong("time: must be YYYY-MM-DDTHH:MM:SSZ");
  if (!isObject(value.statement)) throw wrong("statement: must be an object");
  const signatures = signaturesOf(value.signatures);
  if (!Array.isArray(value.flows)) throw wrong("flows: must be a list");
  return { ...value, signatures, statementBytes: bytesOf(encode(value.statement)) };
}

function wrong(message) {
  return new Fault("schema", message);
}

function signaturesOf(listed) {
  if (!Array.isArray(listed) || listed.length < 1 || listed.length > SIGNATURES) {
    throw wrong(`signatures: must be a list of 1 to ${SIGNATURES}`);
  }
  const signatures = listed.map(signatureOf);
  if (signatures.some(({ key }, i) => i > 0 && toHex(signatures[i - 1].key) >= toHex(key))) {
    throw wrong("signatures: must be sorted by key, each by a different key");
  }
  return signatures;
}

function signatureOf(one) {
  if (!hasMembers(one, ["key", "sig"]) || typeof one.key !== "string" || typeof one.sig !== "string") {
    throw wrong("signatures: each must have a key and a sig");
  }
  try {
    return { text: one.key, key: fromBase64(one.key, 32), signature: fromBase64(one.sig, 64) };
  } catch (error) {
    throw wrong(`signatures: ${error.message}`);
  }
}

/** The decoded entry: its place, who signed it, the content of its statement, and its flows, which are empty if they are
 *  malformed. */
function leafOf(entry, index) {
  const said = entry.statement;
  const malformed = !entry.flows.every(isFlow);
  const [afterIndex, afterHash] = said.after === undefined ? [-1, ""] : said.after.split(":");
  return {
    index,
    prev: entry.prev,
    time: entry.time,
    id: said.id,
    keys: entry.signatures.map(({ text }) => text),
    ledger: said.ledger,
    party: said.party,
    after: Number(afterIndex),
    afterHash,
    signedAt: said.signed_at,
    records: said.records,
    malformed,
    flows: malformed ? [] : entry.flows,
  };
}

function isFlow(row) {
  if (!Array.isArray(row) || row.length !== 5) return false;
  const [record, sign, tape, start, end] = row;
  const whole = typeof record === "number" || (record instanceof Odd && record.whole);
  const range = typeof start === "number" && typeof end === "number" && 0 <= start && start < end;
  return whole && (sign === "+" || sign === "-") && typeof tape === "string" && range;
}

async function falseSignatures(subtle, entry) {
  const faults = entry.signatures
    .filter(({ key }) => !isPartyKey(key))
    .map(({ text }) => new Fault("weak-key", `key ${text}: not a canonical Ed25519 point of prime order`));
  const message = preAuthenticationEncoding(entry.statementBytes);
  for (const { text, key, signature } of entry.signatures) {
    if (!(await fitsStatement(subtle, key, signature, message))) {
      faults.push(new Fault("statement-signature", `the signature by key ${text} does not fit the statement`));
      break;
    }
  }
  return faults;
}

/** What is signed: DSSE v1 over the payload type and the statement's bytes. */
function preAuthenticationEncoding(statement) {
  return joined(bytesOf(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${statement.length} `), statement);
}

// Signed notes (C2SP signed-note), the keys that sign them, and the checkpoint (C2SP tlog-checkpoint), the signed head of a log.

import { bytesOf, fromBase64, fromDecimal, toBase64, toHex } from "./canonical.js";
import { Fault, Malformed, shown } from "./fault.js";
import { sha256 } from "./merkle.js";

const MAX_NOTE_BYTES = 131_072;
const MAX_SIGNATURES = 100;
const MAX_NAME_BYTES = 255;
const KEY_ID_BYTES = 4;
// Whitespace as the format's other readers define it: U+0085 is included, U+FEFF is not.
const NAME = /^[^\s\x00-\x20+\x85\ud800-\udfff]+$/u;
export const LOG_KEY = 0x01;
export const WITNESS_KEY = 0x04;
// Ed25519 of a log and of a witness, and ML-DSA-44 of a witness, which can be read but not checked, because WebCrypto has none.
const KEY_BYTES = { 0x01: 32, 0x04: 32, 0x06: 1312 };
const KEY_ID = /^[0-9a-f]{8}$/;

/** Refuse a name that is empty, longer than 255 bytes, or contains spaces, plus signs or control characters. Throws Malformed. */
function checkName(name, what) {
  if (!NAME.test(name.replaceAll("\ufeff", "-")) || bytesOf(name).length > MAX_NAME_BYTES) {
    throw new Malformed("note", `${what} ${shown(name)}: must be 1 to ${MAX_NAME_BYTES} bytes without spaces and +`);
  }
}

/** Run `read`, and turn an error in a part of a format (base64, a decimal) into a fault of the whole. */
export async function reading(what, rule, read) {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Malformed(rule, `${what}: ${error.message}`);
  }
}

/** The key in a vkey: `{name, algorithm, bytes, id}`, with the id in hex. Of an algorithm that is not known here, the id is what the
 *  vkey says. Throws Malformed (`vkey`). */
export function parseKey(subtle, text) {
  return reading(`vkey ${shown(text)}`, "vkey", async () => {
    const [name, id] = text.split("+", 2);
    const data = fromBase64(text.slice(`${name}+${id}+`.length));
    checkName(name, "key name");
    if (!data.length || !KEY_ID.test(id)) throw new Malformed("vkey", "must have a key, and a key id of 8 hexadecimal digits");
    const size = KEY_BYTES[data[0]];
    if (size !== undefined) await checkKey(subtle, name, id, data, size);
    return { name, algorithm: data[0], bytes: data.subarray(1), id };
  });
}

async function checkKey(subtle, name, id, data, size) {
  if (data.length !== size + 1) throw new Malformed("vkey", `is not a key of ${size} bytes`);
  const known = toHex((await sha256(subtle, bytesOf(`${name}\n`), data)).subarray(0, KEY_ID_BYTES));
  if (known !== id) throw new Malformed("vkey", "the key id does not match the key");
}

/** The text of a note, and its signatures `{name, id, bytes}` in order. It does not verify anything. Throws Malformed (`note`). */
export function parseNote(note) {
  const end = note.lastIndexOf("\n\n");
  const lines = note.slice(end + 2).split("\n");
  const sized = bytesOf(note).length <= MAX_NOTE_BYTES && lines.length >= 2 && lines.length <= MAX_SIGNATURES + 1;
  if (end < 0 || lines.pop() !== "" || !sized) {
    throw new Malformed("note", "the checkpoint must be a text, an empty line and 1 to 100 signature lines");
  }
  return { text: note.slice(0, end + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line) {
  const found = /^\u2014 ([^ ]+) ([^ ]+)$/u.exec(line);
  const blob = found ? fromNote(found[2]) : new Uint8Array();
  if (blob.length <= KEY_ID_BYTES) {
    throw new Malformed("note", `signature line ${shown(line)}: must be an em dash, a name, base64`);
  }
  checkName(found[1], "key name");
  return { name: found[1], id: toHex(blob.subarray(0, KEY_ID_BYTES)), bytes: blob.subarray(KEY_ID_BYTES) };
}

function fromNote(text) {
  try {
    return fromBase64(text);
  } catch (error) {
    throw new Malformed("note", error.message);
  }
}

/** The checkpoint in a note's text: `{origin, treeSize, root, text}`. Throws Malformed (`checkpoint`). */
export function parseCheckpoint(text) {
  return reading("checkpoint", "checkpoint", () => {
    const lines = text.split("\n");
    if (lines.length !== 4 || lines[3]) throw new Malformed("checkpoint", "must be three lines and no more");
    checkName(lines[0], "origin");
    return { origin: lines[0], treeSize: fromDecimal(lines[1]), root: fromBase64(lines[2], 32), text };
  });
}

/** The vkey of a key. */
export function formatKey(key) {
  return `${key.name}+${key.id}+${toBase64(Uint8Array.of(key.algorithm, ...key.bytes))}`;
}

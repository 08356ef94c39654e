// Canonical JSON (RFC 8785, narrowed by formats §1) and the strict texts inside it: base64, hex, decimals.
//
// `parse` refuses everything that is not the one canonical encoding of its value: spaces, duplicate or re-ordered keys, other
// escapes, other spellings of a number. It accepts what JSON allows and formats §1 does not (fractions, null, large integers),
// because an entry of a later version may have it; `outsideProfile` finds that.

import { Fault, shown } from "./fault.js";

export const MAX_INTEGER = Number.MAX_SAFE_INTEGER;
const MAX_DEPTH = 64;
const MAX_NESTING = 254;
const FORBIDDEN = /[\x00-\x09\x0b-\x1f]/;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const MORE_THAN_64_BITS = [-(2n ** 63n), 2n ** 64n - 1n];

/** A number that cannot be an amount: a fraction, or an integer beyond 2^53-1. It keeps its spelling. */
export class Odd {
  constructor(text) {
    this.text = text;
    this.whole = !/[.e]/.test(text);
  }

  toString() {
    return this.text;
  }

  toJSON() {
    return this.text;
  }
}

/** The bytes as text. Throws Fault (`canonical`) if they are not UTF-8. */
export function textOf(bytes, what) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Fault("canonical", `${what}: not UTF-8`);
  }
}

/** UTF-8 bytes of a text. */
export function bytesOf(text) {
  return new TextEncoder().encode(text);
}

/** The value of canonical JSON; its objects have no prototype. Throws Fault (`canonical`), with `early` if it ends too soon. */
export function parse(bytes, what) {
  const scanner = new Scanner(textOf(bytes, what), what);
  const value = scanner.value(0);
  if (scanner.at !== scanner.text.length) scanner.refuse("something follows it");
  return value;
}

class Scanner {
  constructor(text, what) {
    this.text = text;
    this.what = what;
    this.at = 0;
  }

  refuse(why) {
    const fault = new Fault("canonical", `${this.what}: not canonical JSON at character ${this.at}: ${why}`);
    throw Object.assign(fault, { early: this.at >= this.text.length });
  }

  take(literal) {
    if (!this.text.startsWith(literal, this.at)) this.refuse(`${literal} is missing`);
    this.at += literal.length;
  }

  value(depth) {
    const first = this.text[this.at];
    if (depth >= MAX_NESTING && (first === "{" || first === "[")) this.refuse("nested too deeply");
    if (first === "{") return this.object(depth);
    if (first === "[") return this.array(depth);
    if (first === '"') return this.string();
    for (const [literal, value] of [["true", true], ["false", false], ["null", null]]) {
      if (this.text.startsWith(literal, this.at)) {
        this.at += literal.length;
        return value;
      }
    }
    return this.number();
  }

  object(depth) {
    const value = Object.create(null);
    let before = null;
    this.take("{");
    while (this.text[this.at] !== "}") {
      if (before !== null) this.take(",");
      const key = this.string();
      if (before !== null && byCodePoints(before, key) >= 0) this.refuse("its keys are not in order, each once");
      this.take(":");
      value[key] = this.value(depth + 1);
      before = key;
    }
    this.take("}");
    return value;
  }

  array(depth) {
    const value = [];
    this.take("[");
    while (this.text[this.at] !== "]") {
      if (value.length) this.take(",");
      value.push(this.value(depth + 1));
    }
    this.take("]");
    return value;
  }

  string() {
    const start = this.at;
    this.take('"');
    while (this.text[this.at] !== '"') {
      if (this.at >= this.text.length) this.refuse("a text does not end");
      this.at += this.text[this.at] === "\\" ? 2 : 1;
    }
    this.at += 1;
    const token = this.text.slice(start, this.at);
    return /[\\\x00-\x1f]/.test(token) ? this.escaped(token) : token.slice(1, -1);
  }

  escaped(token) {
    let value = null;
    try {
      value = JSON.parse(token);
    } catch {
      this.refuse("a text with an escape or control character that JSON does not have");
    }
    if (/\\u(?!00)/.test(token) || JSON.stringify(value) !== token) this.refuse("a text that is escaped in another way");
    return value;
  }

  number() {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (!found) this.refuse("no value");
    const token = found[0];
    const odd = found[1] !== undefined || found[2] !== undefined;
    if (token !== (odd ? spelled(Number(token)) : wholeSpelled(token))) this.refuse("a number that is spelled in another way");
    this.at += token.length;
    return odd || !Number.isSafeInteger(Number(token)) ? new Odd(token) : Number(token);
  }
}

function wholeSpelled(token) {
  const value = BigInt(token);
  return value < MORE_THAN_64_BITS[0] || value > MORE_THAN_64_BITS[1] ? "" : String(value);
}

/** A fraction as the log's writer spells it: the shortest digits, ".0" after a whole number, an exponent from 1e16 on and below
 *  1e-5. */
function spelled(value) {
  if (!Number.isFinite(value)) return "";
  const [mantissa, exponent] = Math.abs(value).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const point = Number(exponent) + 1;
  if (point > 16 || point <= -5) return `${sign}${mantissa}e${exponent}`;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  const padded = digits.padEnd(point, "0");
  return `${sign}${padded.slice(0, point)}.${padded.slice(point) || "0"}`;
}

/** Compares texts by code points, which is the order of their UTF-8 bytes. */
export function byCodePoints(one, other) {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return (one.codePointAt(at) ?? -1) - (other.codePointAt(at) ?? -1);
}

/** The canonical text of a value. */
export function encode(value) {
  if (Array.isArray(value)) return `[${value.map(encode).join(",")}]`;
  if (isObject(value)) {
    const keys = Object.keys(value).sort(byCodePoints);
    return `{${keys.map((key) => `${JSON.stringify(key)}:${encode(value[key])}`).join(",")}}`;
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** Whether a value is a JSON object. */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Odd);
}

/** Whether an object has exactly these members. */
export function hasMembers(value, names) {
  return isObject(value) && Object.keys(value).sort().join() === [...names].sort().join();
}

/** The first thing in a value that JSON allows and formats §1 does not, or "". */
export function outsideProfile(value, where, depth = 0) {
  if (depth > MAX_DEPTH) return `${where}: nested deeper than ${MAX_DEPTH} levels`;
  if (isObject(value)) {
    const wrong = Object.keys(value).find((key) => /[^\x00-\x7f]/.test(key) || FORBIDDEN.test(key));
    if (wrong !== undefined) return `${where}: member name ${shown(wrong)} is not ASCII`;
    return firstOutside(Object.keys(value).map((key) => [value[key], `${where}.${key}`]), depth);
  }
  if (Array.isArray(value)) return firstOutside(value.map((item, i) => [item, `${where}[${i}]`]), depth);
  const sound = typeof value === "string" ? !FORBIDDEN.test(value) : ["boolean", "number"].includes(typeof value);
  return sound ? "" : `${where}: ${shown(value)} is neither a whole number up to 2^53-1 nor text without control characters`;
}

function firstOutside(members, depth) {
  for (const [member, where] of members) {
    const found = outsideProfile(member, where, depth + 1);
    if (found) return found;
  }
  return "";
}

/** Padded standard base64, for at most some thousand bytes. */
export function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

/** Strict inverse of `toBase64`, for any number of bytes; `length` is in bytes, where it is fixed. Throws Fault (`canonical`). */
export function fromBase64(text, length = null) {
  const binary = /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0 ? atob(text) : null;
  if (binary === null || btoa(binary) !== text || (length !== null && binary.length !== length)) {
    throw new Fault("canonical", `${shown(text)} is not padded standard base64${length === null ? "" : ` of ${length} bytes`}`);
  }
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** Lower-case hex. */
export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The 32 bytes of 64 digits of lower-case hex. Throws Fault (`canonical`). */
export function fromHex(text) {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Fault("canonical", `${shown(text)} is not 64 digits of lower-case hex`);
  return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
}

/** A decimal without sign or leading zero, at most `highest`. Throws Fault (`canonical`). */
export function fromDecimal(text, highest = MAX_INTEGER) {
  if (!/^(?:0|[1-9][0-9]{0,18})$/.test(text) || BigInt(text) > BigInt(highest)) {
    throw new Fault("canonical", `${shown(text)} is not a decimal from 0 to ${highest} without leading zeros`);
  }
  return Number(text);
}

/** The concatenation of several arrays. */
export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}

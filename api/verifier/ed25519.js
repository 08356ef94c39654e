// Ed25519 by the rules of formats §2. WebCrypto checks the equation of a signature. What libraries disagree on is checked here:
// that a party's key is a canonical point of prime order, that R is not of small order, that S is below L.

import { bytesOf, fromHex } from "./canonical.js";

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
const ROOT_OF_MINUS_1 = 19681161376707505956807079304988542015446066515923890162744021073123829784752n;
const IDENTITY = [0n, 1n, 1n, 0n];
const Y_OF_ORDER_8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022n;
// The y coordinates of the points of order 1, 2, 4 and 8.
const SMALL = [1n, P - 1n, 0n, Y_OF_ORDER_8, P - Y_OF_ORDER_8];

const modulo = (value) => ((value % P) + P) % P;

function power(base, exponent) {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % P;
    if (bit === "1") result = (result * base) % P;
  }
  return result;
}

function numberOf(bytes) {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** The point of 32 bytes in extended coordinates (RFC 8032 §5.1.3), or null if they are not a canonical point. */
function pointOf(bytes) {
  const [sign, y] = [numberOf(bytes) >> 255n, yOf(bytes)];
  if (bytes.length !== 32 || y >= P) return null;
  const u = modulo(y * y - 1n), v = modulo(D * y * y + 1n);
  let x = (u * power(v, 3n) * power((u * power(v, 7n)) % P, (P - 5n) / 8n)) % P;
  const square = (v * x * x) % P;
  if (square !== u) {
    if (square !== modulo(-u)) return null;
    x = (x * ROOT_OF_MINUS_1) % P;
  }
  if (x === 0n && sign) return null;
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, (x * y) % P];
}

function sum([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = modulo((y1 - x1) * (y2 - x2)), b = modulo((y1 + x1) * (y2 + x2));
  const c = modulo(2n * D * t1 * t2), d = modulo(2n * z1 * z2);
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return [modulo(e * f), modulo(g * h), modulo(f * g), modulo(e * h)];
}

function vanishes(point, times) {
  let result = IDENTITY;
  for (const bit of times.toString(2)) {
    result = sum(result, result);
    if (bit === "1") result = sum(result, point);
  }
  return result[0] === 0n && result[1] === result[2];
}

const known = new Map();

/** Whether 32 bytes are a canonical point of prime order, as a party's key must be. */
export function isPartyKey(bytes) {
  const name = String(bytes);
  if (!known.has(name)) {
    const point = pointOf(bytes);
    known.set(name, point !== null && !isSmall(bytes) && vanishes(point, L));
  }
  return known.get(name);
}

function yOf(bytes) {
  return numberOf(bytes) & (2n ** 255n - 1n);
}

/** Whether 32 bytes are a point of small order, in any encoding. */
function isSmall(bytes) {
  return SMALL.includes(yOf(bytes) % P);
}

/** Whether a signature of 64 bytes is valid by the rule for notes: RFC 8032 without cofactor, S < L. */
export async function fitsNote(subtle, key, signature, message) {
  if (key.length !== 32 || signature.length !== 64 || numberOf(signature.subarray(32)) >= L) return false;
  let imported;
  try {
    imported = await subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    return false; // `lacking` has checked that keys can be imported, so this one is not a point
  }
  return (await subtle.verify({ name: "Ed25519" }, imported, signature, message)) === true;
}

/** Whether a signature is valid by the rule for statements; `isPartyKey` checks that the key is of prime order. */
export async function fitsStatement(subtle, key, signature, message) {
  const refused = yOf(key) >= P || isSmall(key) || isSmall(signature.subarray(0, 32));
  return !refused && (await fitsNote(subtle, key, signature, message));
}

const KEY = fromHex("5d2b71cddce3cbd97cfcf3164f6a8eecf5914dfea2a8b9189e5c2c3bda8849a4");
const MESSAGE = bytesOf("with the cofactor only");
const FITS = both(
  "a8f70d490a9e8f171bcf5167baa2f926cbb4c2a9a45f01c106b554d9868cccdf",
  "114528dcb6b10d1d2b447bd8de9325c413d4bb4df0ee5755f0f2537c0bdfa504",
);
// The same key and message, but R has a component of order 8, so the equation holds only if both sides are multiplied by 8.
const FITS_WITH_COFACTOR = both(
  "c85696d286be547baa809692312925332ce4325c6fd9adf45e88f7443ccbe106",
  "be06c79ac69e8a535e91bd93f843d411d57810b902f18f765fca7937e679a701",
);

function both(r, s) {
  return Uint8Array.from([...fromHex(r), ...fromHex(s)]);
}

/** Why this browser cannot check signatures, or "". It must give the right verdict on three known signatures. */
export async function lacking(subtle) {
  if (!subtle) return "there is no crypto.subtle here, because the page came over an insecure connection or the browser is too old";
  try {
    const imported = await subtle.importKey("raw", KEY, { name: "Ed25519" }, false, ["verify"]);
    const verify = (signature, message) => subtle.verify({ name: "Ed25519" }, imported, signature, message);
    const fits = (await verify(FITS, MESSAGE)) === true;
    const refuses = (await verify(FITS, KEY)) === false && (await verify(FITS_WITH_COFACTOR, MESSAGE)) === false;
    return fits && refuses ? "" : "this browser judges Ed25519 signatures by another rule";
  } catch {
    return "this browser's WebCrypto has no Ed25519";
  }
}

// Ranges of units on a tape (books §1): half-open, whole numbers below 2^53. Beyond that a number loses bits. So only the
// difference of two positions is ever added to something, and products are calculated as BigInt.

import { Refused } from "./fault.js";

/** ⌊number · times / by⌋. Throws Refused if no tape can have such a unit. */
function scaledDown(number, times, by) {
  const product = BigInt(number) * BigInt(times);
  const quotient = product / BigInt(by);
  return placed(product % BigInt(by) < 0n ? quotient - 1n : quotient);
}

/** ⌈number · times / by⌉. Throws Refused if no tape can have such a unit. */
function scaledUp(number, times, by) {
  return -scaledDown(-number, times, by);
}

function placed(value) {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new Refused("tape-flow", "units beyond 2^53-1: no tape has them");
  return number;
}

/** The smallest range of the `b` units in that holds the images ⌊u·b/a⌋ of the units [start, end) of `a` out. */
export function image(start, end, a, b) {
  return [scaledDown(start, b, a), scaledDown(end - 1, b, a) + 1];
}

/** The units of `a` out that map into [start, end) of `b` in: [⌈start·a/b⌉, ⌈end·a/b⌉); may be empty. */
export function preimage(start, end, a, b) {
  return [scaledUp(start, a, b), scaledUp(end, a, b)];
}

/** How many units there are in some ranges. */
export function size(spans) {
  return spans.reduce((sum, [start, end]) => sum + (end - start), 0);
}

/** Cut ranges, in their order, into runs of the given sizes. Throws Refused where there are fewer units. */
export function split(spans, sizes) {
  const todo = [...spans].reverse();
  return sizes.map((wanted) => {
    const part = [];
    for (let left = wanted; left > 0;) {
      if (!todo.length) throw new Refused("tape-flow", "the record moves fewer units than it says");
      const [start, end] = todo.pop();
      const cut = start + Math.min(end - start, left);
      part.push([start, cut]);
      left -= cut - start;
      if (cut < end) todo.push([cut, end]);
    }
    return part;
  });
}

/** [tape, [start, end)] of the flows with this sign, in order. */
export function flowsOf(rows, sign) {
  return rows.filter((row) => row[1] === sign).map(([, , tape, start, end]) => [tape, [start, end]]);
}

/** Compares lists by their first different members: texts by code units, numbers by size, lists in the same way. */
export function inOrder(one, other) {
  for (let i = 0; i < one.length && i < other.length; i += 1) {
    const [a, b] = [one[i], other[i]];
    const order = Array.isArray(a) ? inOrder(a, b) : a < b ? -1 : a > b ? 1 : 0;
    if (order) return order;
  }
  return one.length - other.length;
}

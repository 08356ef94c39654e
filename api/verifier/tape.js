// Ranges of units on a tape (books §1): half-open, whole numbers below 2^53. A number here loses bits beyond that: of two positions
// only the difference is added to anything, and products are made as BigInt.

import { Refused } from "./fault.js";

/** ⌊number · times / by⌋. Throws Refused where no tape has such a unit. */
function scaledDown(number, times, by) {
  const product = BigInt(number) * BigInt(times);
  const quotient = product / BigInt(by);
  return placed(product % BigInt(by) < 0n ? quotient - 1n : quotient);
}

/** ⌈number · times / by⌉. Throws Refused where no tape has such a unit. */
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

/** How many units some ranges hold. */
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

/** [tape, [start, end)] of the flows with a sign, in order. */
export function flowsOf(rows, sign) {
  return rows.filter((row) => row[1] === sign).map(([, , tape, start, end]) => [tape, [start, end]]);
}

/** Order of lists by their first members that differ: texts by code units, numbers by size, lists as here. */
export function inOrder(one, other) {
  for (let i = 0; i < one.length && i < other.length; i += 1) {
    const [a, b] = [one[i], other[i]];
    const order = Array.isArray(a) ? inOrder(a, b) : a < b ? -1 : a > b ? 1 : 0;
    if (order) return order;
  }
  return one.length - other.length;
}

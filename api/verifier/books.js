// What the records of a bundle say, as far as a trace asks: which units they move, and what the books remember of them.
//
// The rules that only the whole ledger can settle are left out, and nothing stops at a record that cannot be applied: a record that
// names a party which the bundle does not hold, such as a payee without a key, still says what it says.

import { Refused } from "./fault.js";
import { KINDS } from "./kinds.js";
import { size } from "./tape.js";

export const UNFIT = "its flows are not those of what it says";

/** The books of a bundle: `covers` of refunds by the gift's name, `unfit` the records whose flows do not fit them, `found` the places
 *  of those of which that is a fault. */
class Books {
  constructor() {
    this.offsetMinutes = 0;
    [this.unit, this.fund, this.project, this.activity] = [new Map(), new Map(), new Map(), new Map()];
    [this.disbursement, this.allocation, this.covers] = [new Map(), new Map(), new Map()];
    [this.unfit, this.found] = [new Set(), []];
  }
}

/** One record being heard: where it stands, and what its signer had seen. */
class Act {
  constructor(books, leaf, number) {
    [this.books, this.leaf, this.number] = [books, leaf, number];
  }

  get ref() {
    return `${this.leaf.index}.${this.number}`;
  }

  /** A row of the books that the signer had seen. Throws Refused. */
  seen(table, name, what) {
    const row = this.books[table].get(name);
    if (!row) throw new Refused("reference", `${what} ${name}: no such ${what}`);
    if (this.leaf.after < row.since && row.since < this.leaf.index) throw new Refused("after", `${what} ${name}: not seen yet`);
    return row;
  }

  /** The name of a fund's tape. Throws Refused where they do not exist. */
  tape(fund, unit) {
    this.seen("fund", fund, "fund");
    this.seen("unit", unit, "unit");
    return `${fund}/${unit}`;
  }

  /** [entry, record] of a reference. */
  split(ref) {
    return ref[0] === "@" ? [this.leaf.index, Number(ref.slice(1))] : ref.split(".").map(Number);
  }

  /** The name of the earlier record that a reference names. Throws Refused. */
  resolve(ref) {
    const [entry, number] = this.split(ref);
    const later = entry > this.leaf.index || (entry === this.leaf.index && number >= this.number);
    if (later) throw new Refused("reference", `${ref}: names no earlier record`);
    if (this.leaf.after < entry && entry < this.leaf.index) throw new Refused("after", `${ref}: not seen yet`);
    return `${entry}.${number}`;
  }

  /** The payment or delivery that a reference names. Throws Refused. */
  disbursement(ref) {
    const row = this.books.disbursement.get(this.resolve(ref));
    if (!row) throw new Refused("reference", `${ref}: is no payment or delivery`);
    return row;
  }
}

/** The books of some entries, by their indexes ascending. Throws Refused where an entry's time is no moment of the calendar. */
export function hear(leaves) {
  const books = new Books();
  books.tapes = new Set([...leaves.values()].flatMap((leaf) => leaf.flows.map((row) => row[2])));
  for (const leaf of leaves.values()) {
    localDay(books, leaf.time);
    leaf.records.forEach((record, number) => hearRecord(new Act(books, leaf, number), record));
  }
  return books;
}

function hearRecord(act, record) {
  const [kind, rows] = [KINDS[record.kind], rowsOf(act.leaf, act.number)];
  const sums = record.units === undefined || record.amount === undefined || size(record.units) === record.amount;
  const legs = sums ? unlessRefused(() => kind.legs?.(record, act) ?? []) : null;
  if (legs === null || !fits(rows, legs)) {
    act.books.unfit.add(act.ref);
    if (legs?.length || !rows.length || !sums) act.books.found.push([act.leaf.index, act.number]);
    return;
  }
  if (kind.check) unlessRefused(() => kind.check(record, act));
  if (kind.post) unlessRefused(() => kind.post(record, act, rows));
}

/** What `step` gives; null where it is refused. */
function unlessRefused(step) {
  try {
    return step();
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

/** The flows of record `number` of an entry. */
export function rowsOf(leaf, number) {
  return leaf.flows.filter((row) => row[0] === number);
}

/** Whether flows move what the legs move, in their order: everything out first, then everything in, each in one piece. Which units
 *  are taken where none are named is settled by a full audit. */
function fits(rows, legs) {
  let at = 0;
  for (const leg of legs.filter(({ out }) => out)) {
    const first = at;
    let taken = 0;
    while (taken < leg.taken && at < rows.length && rows[at][1] === "-" && rows[at][2] === leg.out) {
      taken += rows[at][4] - rows[at][3];
      at += 1;
    }
    const spans = rows.slice(first, at).map(([, , , start, end]) => [start, end]);
    if (taken !== leg.taken || (leg.units && JSON.stringify(spans) !== JSON.stringify(leg.units))) return false;
  }
  const given = rows.slice(at).map(([, sign, tape, start, end]) => [sign, tape, end - start]);
  const wanted = legs.filter(({ into }) => into).map((leg) => ["+", leg.into, leg.given]);
  return JSON.stringify(given) === JSON.stringify(wanted);
}

/** The day of a UTC time in the ledger's time zone. Throws Refused where the calendar has no such moment or day. */
export function localDay(books, time) {
  const moment = Date.parse(time);
  const real = !Number.isNaN(moment) && new Date(moment).toISOString() === time.replace("Z", ".000Z");
  const day = real ? new Date(moment + 60_000 * books.offsetMinutes).toISOString() : "";
  if (!real || time < "0001" || !/^[0-9]{4}-/.test(day) || day < "0001") {
    throw new Refused("time", `time ${time}: the calendar has no such moment or day`);
  }
  return day.slice(0, 10);
}

/** The day that lies some days after another. */
export function daysAfter(day, days) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000 * days).toISOString().slice(0, 10);
}

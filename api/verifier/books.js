// What the records of a bundle say, as far as a trace asks: which units they move, and what the books remember of them.
//
// Each is judged by the rules that a bundle settles (rights.js). A record that the books could not apply, by what the bundle shows,
// says nothing of the gift. A party that the bundle does not hold, such as a payee without a key, is taken to exist.

import { settled } from "./claims.js";
import { Refused } from "./fault.js";
import { KINDS } from "./kinds.js";
import { checkRights, isSettled } from "./rights.js";
import { isOfRegistry } from "./standing.js";
import { size } from "./tape.js";

export const UNFIT = "its flows are not those of what it says";

/** The books of a bundle: `told` is the last feedback by activity and step of a period (period.js), `paid` to payees by day, `claims` by the name of what they are about, `unfit` the records whose flows do
 *  not fit them, `found` faults `[id, entry, record, message]`. */
class Books {
  constructor(party) {
    [this.offsetMinutes, this.party] = [0, party];
    [this.unit, this.fund, this.project, this.activity, this.told] = [new Map(), new Map(), new Map(), new Map(), new Map()];
    [this.disbursement, this.allocation, this.claims, this.paid] = [new Map(), new Map(), new Map(), new Map()];
    [this.unfit, this.found] = [new Set(), []];
  }
}

/** One record being heard: where it stands, who said and signed it, what its signer had seen, and what speaks against it. */
class Act {
  constructor(books, leaf, number, day, { signers, officers }) {
    [this.books, this.leaf, this.number, this.day, this.party] = [books, leaf, number, day, leaf.party];
    [this.signers, this.officers, this.faults] = [signers, officers, []];
  }

  get ref() {
    return `${this.leaf.index}.${this.number}`;
  }

  /** A rule is broken, and what else the record says could be judged. */
  fault(rule, message) {
    this.faults.push(new Refused(rule, message));
  }

  /** A row of the books. Throws Refused. */
  row(table, name, what) {
    const row = this.books[table].get(name);
    if (!row) throw new Refused("reference", `${what} ${name}: no such ${what}`);
    return row;
  }

  /** A row of the books that the signer had seen. Throws Refused. */
  seen(table, name, what) {
    const row = this.row(table, name, what);
    if (this.leaf.after < row.since && row.since < this.leaf.index) throw new Refused("after", `${what} ${name}: not seen yet`);
    return row;
  }

  /** A party that is named, if the bundle holds it, the signer had seen. Throws Refused. */
  seenParty(name) {
    if (this.books.party.has(name)) this.seen("party", name, "party");
  }

  hasRole(party, roles) {
    return this.books.party.get(party)?.roles.some((role) => roles.includes(role)) ?? false;
  }

  /** A day in a record may not lie after the entry's own local day. */
  notAfterToday(day, field) {
    if (day > this.day) this.fault("time", `${field} ${day}: lies after the entry's day ${this.day}`);
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

  /** Claim something about a record of another statement. Throws Refused. */
  claim(ref, facts) {
    const [entry, record] = this.split(ref);
    if (entry === this.leaf.index) throw new Refused("reference", `${ref}: is in the same statement`);
    const [name, { kind }] = [`${entry}.${record}`, this.leaf.records[this.number]];
    if (!this.books.claims.has(name)) this.books.claims.set(name, []);
    this.books.claims.get(name).push({ ref: this.ref, place: [this.leaf.index, this.number], kind, facts });
  }

  /** The payment or delivery that a reference names. Throws Refused. */
  disbursement(ref) {
    const row = this.books.disbursement.get(this.resolve(ref));
    if (!row) throw new Refused("reference", `${ref}: is no payment or delivery`);
    return row;
  }
}

const NOBODY = { signers: [], officers: new Set() };

/** The books of some entries, by their indexes ascending; those whose signers are known are judged too (standing.js). Throws
 *  Refused where an entry's time is no moment of the calendar. */
export function hear(leaves, { acts, party }) {
  const books = new Books(party);
  books.tapes = new Set([...leaves.values()].flatMap((leaf) => leaf.flows.map((row) => row[2])));
  for (const leaf of leaves.values()) {
    const [day, known] = [localDay(books, leaf.time), acts.get(leaf.index)];
    leaf.records.forEach((record, number) => {
      const act = new Act(books, leaf, number, day, known ?? NOBODY);
      for (const { rule, message } of faultsOf(act, record)) {
        if (known || rule === "tape-flow") books.found.push([rule, leaf.index, number, message]);
      }
    });
  }
  for (const [name, claims] of books.claims) settleClaims(books, leaves, acts, name.split(".").map(Number), claims);
  return books;
}

/** Find the claims that what they are about does not bear out, where the bundle holds it. */
function settleClaims(books, leaves, acts, [entry, number], claims) {
  const leaf = leaves.get(entry);
  if (!leaf || number >= leaf.records.length) return;
  const faults = settled(claims, { record: leaf.records[number], rows: rowsOf(leaf, number), party: leaf.party });
  faults.forEach((fault, i) => {
    if (fault && acts.has(claims[i].place[0])) books.found.push([fault.rule, ...claims[i].place, fault.message]);
  });
}

/** Hear a record; the faults that the bundle settles. */
function faultsOf(act, record) {
  const [kind, rows] = [KINDS[record.kind], rowsOf(act.leaf, act.number)];
  const sums = record.units === undefined || record.amount === undefined || size(record.units) === record.amount;
  let legs = null;
  const unheard = sums ? refusal(() => (legs = kind.legs?.(record, act) ?? [])) : null;
  if (legs === null || !fits(rows, legs)) {
    act.books.unfit.add(act.ref);
    if (unheard && isSettled(unheard, false)) return [unheard];
    return legs?.length || !rows.length || !(unheard || sums) ? [new Refused("tape-flow", UNFIT)] : [];
  }
  const refused = isOfRegistry(record) ? null : refusal(() => judge(act, record, kind));
  if (!refused && kind.post) refusal(() => kind.post(record, act, rows));
  return [...act.faults, ...(refused ? [refused] : [])].filter((fault) => isSettled(fault, legs.length > 0));
}

function judge(act, record, kind) {
  checkRights(record, act);
  kind.check?.(record, act);
}

/** Why a step is refused; null where it is not. */
function refusal(step) {
  try {
    step();
    return null;
  } catch (error) {
    if (error instanceof Refused) return error;
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

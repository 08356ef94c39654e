// What the records of a bundle say, as far as a trace needs it: which units they move, and what the books remember of them.
//
// Each record is judged by the rules that a bundle can decide. A record that the books could not apply, as far as the bundle shows,
// says nothing about the gift. A party that is not in the bundle, such as a payee without a key, is taken to exist.

import { StatementContext } from "./context.js";
import { settled } from "./claims.js";
import { Absent, Refused } from "./fault.js";
import { localDay } from "./moment.js";
import { MAKES, MEMORY, MOVES, NAMES, REGISTRY } from "./forms.js";
import { checkRights } from "./authority.js";
import { checkRecord, legsOf, remember } from "./rules.js";
import { size, split } from "./tape.js";

export const UNFIT = "its flows are not those that its own words give";

/** The books of a bundle: `told` are the feedbacks by activity and step of a period (period.js), `paid` is what payees got by
 *  day, `claims` are by the name of their subject, `unfit` are the records whose flows do not match them, `found` are faults `[id,
 *  entry, record, message]` or remarks, which say at the end whether the record itself names them. */
class Books {
  constructor(party) {
    [this.offsetMinutes, this.party] = [0, party];
    [this.unit, this.fund, this.project, this.activity, this.told] = [new Map(), new Map(), new Map(), new Map(), new Map()];
    [this.works, this.granted] = [new Map(), new Map()]; // parties by project, and by the root of a tree
    [this.disbursement, this.allocation, this.claims, this.paid] = [new Map(), new Map(), new Map(), new Map()];
    [this.income, this.exchange, this.receipt, this.taking] = [new Map(), new Map(), new Map(), new Map()];
    [this.feedback, this.void] = [new Map(), new Map()];
    [this.unfit, this.found] = [new Set(), []];
    [this.ledger, this.rules, this.key, this.held, this.ended] = [null, null, new Map(), new Map(), new Map()];
    [this.mandate, this.answered, this.bankStatement] = [new Map(), new Map(), new Map()];
  }
}

// What these say about parties and keys is already known (signers.js).
const OF_PARTIES = ["party", "key", "key-revocation", "key-withdrawal", "recovery"];

/** The books of some entries, given by their indexes in ascending order. Entries whose signers are known are judged too
 *  (signers.js). Throws Refused if an entry's time is not in the calendar. */
export function hear(leaves, { contexts, party }) {
  const books = new Books(party);
  books.tapes = new Set([...leaves.values()].flatMap((leaf) => leaf.flows.map((row) => row[2])));
  for (const leaf of leaves.values()) {
    const [day, known] = [localDay(books, leaf.time), contexts.get(leaf.index)];
    const context = Object.assign(new StatementContext(books, leaf, day, known), known && { demands: known.demands });
    leaf.records.forEach((record, number) => {
      context.begin(number, record);
      for (const { rule, message } of faultsOf(context, record, leaves)) {
        if (known || rule === "tape-flow") books.found.push([rule, leaf.index, number, message]);
      }
      if (known) for (const { rule, message, named } of context.remarks) books.found.push([rule, leaf.index, number, message, named]);
      if (known) for (const [rule, message] of context.declared()) books.found.push([rule, leaf.index, number, message, true]);
    });
  }
  for (const [name, claims] of books.claims) settleClaims(books, leaves, contexts, name.split(".").map(Number), claims);
  return books;
}

/** Find claims that contradict their subject, if the bundle has the subject. */
function settleClaims(books, leaves, contexts, [entry, number], claims) {
  const leaf = leaves.get(entry);
  if (!leaf?.records[number]) return;
  const faults = settled(claims, { record: leaf.records[number], rows: rowsOf(leaf, number), party: leaf.party }, books.unit);
  faults.forEach((fault, i) => {
    if (fault && contexts.has(claims[i].place[0])) books.found.push([fault.rule, ...claims[i].place, fault.message]);
  });
}

/** Judge a record. Keep the faults that are faults in the whole log too (ledger/bundle/decidable.py). */
function faultsOf(context, record, leaves) {
  const rows = rowsOf(context.leaf, context.number);
  let legs = null;
  const unheard = refusal(() => {
    checkNamed(context, record, leaves);
    legs = legsOf(record, context);
  });
  if (legs === null || !fits(rows, legs)) {
    context.books.unfit.add(context.ref);
    if (unheard && !(unheard instanceof Absent)) {
      refusal(() => checkRights(record, context));
      return [...context.faults, unheard];
    }
    return legs?.length || !rows.length || !(unheard || isHidden(context, record, leaves)) ? [new Refused("tape-flow", UNFIT)] : [];
  }
  const refused = REGISTRY.includes(record.kind) ? null : refusal(() => judge(context, record));
  const forgotten = refused || OF_PARTIES.includes(record.kind) ? null : refusal(() => remember(record, context, rows));
  const isSettled = (fault) => fault && (legs.length || !(fault instanceof Absent));
  return [...context.faults, refused, forgotten].filter(isSettled);
}

/** The record that a reference names, if the bundle has its entry; null if that entry has no such record. */
function target(context, ref, leaves) {
  const [entry, number] = context.split(ref);
  const leaf = leaves.get(entry);
  return leaf && (leaf.records[number] ?? null);
}

const makes = (record, table) => holding(record, MEMORY[record.kind] ?? []).some(([word]) => MAKES[word] === table);

/** The rows that hold for a record, with those within `when` of a field that is there. */
function holding(record, rows) {
  return rows.flatMap((row) => (row[0] !== "when" ? [row] : record[row[1]] === undefined ? [] : row.slice(2)));
}

/** Check that the named record may be referred to, as far as the bundle shows. Throws Refused. */
function checkNamed(context, record, leaves) {
  for (const [what, path] of NAMES[record.kind] ?? []) {
    for (const ref of ["record", "disbursement"].includes(what) ? [record[path] ?? []].flat() : []) {
      context.resolve(ref);
      const named = target(context, ref, leaves);
      if (named === null) throw new Refused("reference", `${path} ${ref}: that entry does not have that record`);
      if (named && what === "disbursement" && !makes(named, what)) throw new Refused("reference", `${path} ${ref}: is not a payment or delivery`);
    }
  }
}

/** Whether what a record moves can depend on a record that is not in the bundle, or could not be applied. */
function isHidden(context, record, leaves) {
  return holding(record, MOVES[record.kind] ?? []).some(([word, field, table]) => {
    const named = word === "about" ? target(context, record[field], leaves) : null;
    return word === "about" && (!named || makes(named, table));
  });
}

function judge(context, record) {
  checkRights(record, context);
  checkRecord(record, context);
}

/** Why a step is refused; null if it is not. */
export function refusal(step) {
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

/** Whether the flows move what the legs move, in order: first everything out, then everything in, each in one piece. If the record
 *  does not say which units are taken, only a full audit can check that. */
function fits(rows, legs) {
  let at = 0;
  const costs = legs.map(({ cost }) => cost).filter(Boolean);
  for (const leg of legs.filter(({ out }) => out)) {
    if (leg.units && size(leg.units) !== leg.taken) return false;
    const first = at;
    let taken = 0;
    while (taken < leg.taken && at < rows.length && rows[at][1] === "-" && rows[at][2] === leg.out) {
      taken += rows[at][4] - rows[at][3];
      at += 1;
    }
    const spans = rows.slice(first, at).map(([, , , start, end]) => [start, end]);
    const named = leg.units && costs.length ? split(leg.units, costs).flat() : leg.units;
    if (taken !== leg.taken || (named && JSON.stringify(spans) !== JSON.stringify(named))) return false;
  }
  const given = rows.slice(at).map(([, sign, tape, start, end]) => [sign, tape, end - start]);
  const wanted = legs.filter(({ into }) => into).map((leg) => ["+", leg.into, leg.given]);
  return JSON.stringify(given) === JSON.stringify(wanted);
}

// One statement being judged: where it is, who made and signed it, what its signer had seen, and what is wrong with it.

import { RULES } from "./forms.js";
import { Absent, Refused } from "./fault.js";
import { money } from "./money.js";
import { checkNotVoid } from "./void.js";

const FIRST = "givetrail/1";

/** `number` is the record being judged; `faults` are errors after which judging could go on. `signers`, `officers` (those signers
 *  that belong to the speaking party) and `fresh` (the keys that signed their own introduction) are by the state before the
 *  entry. */
export class StatementContext {
  constructor(books, leaf, day, { signers = [], officers = new Set(), fresh = new Set() } = {}) {
    [this.books, this.leaf, this.number, this.day, this.party] = [books, leaf, 0, day, leaf.party];
    [this.signers, this.officers, this.fresh, this.faults] = [signers, officers, fresh, []];
    [this.breach, this.excuse, this.remarks] = [[], "", []];
    const inForce = books.rules ?? leaf.records[0].rules ?? FIRST;
    this.demands = RULES[Object.hasOwn(RULES, inForce) ? inForce : FIRST];
  }

  get ref() {
    return `${this.leaf.index}.${this.number}`;
  }

  /** Begin to judge a record: its number, and the rules of conduct that it says it broke, and why. */
  begin(number, record) {
    [this.number, this.faults, this.breach, this.remarks] = [number, [], record.breach?.findings ?? [], []];
    this.excuse = record.breach ? `${this.party} says so itself: ${record.breach.reason}` : "";
  }

  /** After a record was judged: each rule that it names as broken and that a bundle cannot decide, and what it says of that. */
  declared() {
    const broken = this.remarks.filter(({ named }) => named).map(({ rule }) => rule);
    return this.breach.filter((rule) => !broken.includes(rule)).map((rule) => [rule, `breach: ${this.excuse}`]);
  }

  /** A rule is broken, but the rest of the record can still be judged. What the record itself names as broken is a remark. */
  fault(rule, message) {
    if (this.breach.includes(rule)) this.remark(rule, `${message}; ${this.excuse}`, true);
    else this.faults.push(new Refused(rule, message));
  }

  /** Something that people must judge, and that does not make the record wrong. */
  remark(rule, message, named = false) {
    this.remarks.push({ rule, message, named });
  }

  /** A row of the books. Throws Absent. */
  row(table, name, what) {
    const row = this.books[table].get(name);
    if (!row) throw new Absent("reference", `${what} ${name}: there is no such ${what}`);
    return row;
  }

  /** A row of the books that the signer had seen. Throws Refused. */
  seen(table, name, what) {
    const row = this.row(table, name, what);
    if (this.leaf.after < row.since && row.since < this.leaf.index) throw new Refused("after", `${what} ${name}: not seen yet`);
    return row;
  }

  /** Check that what a path of the record names exists and that its signer had seen it. A party that is not in the bundle, such as
   *  a payee without a key, is taken to exist; but who keeps a gift's fee is in the bundle. Throws Refused. */
  check(what, name, path) {
    if (what === "record") this.resolve(name);
    else if (what === "disbursement") this.disbursement(name, path);
    else if (what === "party" && path !== "fee_to" && !this.books.party.has(name)) return;
    else this.seen(what === "activity" ? "fund" : what, name, path);
    if (what === "activity") this.activity(name);
  }

  /** The row of an activity. Throws Refused, or Absent if there can be one. */
  activity(name) {
    if (this.row("fund", name, "fund").kind !== "activity") throw new Refused("reference", `${name}: is a fund, not an activity`);
    return this.row("activity", name, "activity");
  }

  /** An amount in a message; in minor units if the bundle does not declare its unit. */
  money(unit, minor) {
    return money(minor, this.books.unit.get(unit)?.exponent ?? 0, unit);
  }

  hasRole(party, roles) {
    return this.books.party.get(party)?.roles.some((role) => roles.includes(role)) ?? false;
  }

  /** The name of a fund's tape. Throws Refused if fund or unit does not exist. */
  tape(fund, unit, field) {
    this.seen("fund", fund, field);
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
    if (later) throw new Refused("reference", `${ref}: does not name an earlier record`);
    if (this.leaf.after < entry && entry < this.leaf.index) throw new Refused("after", `${ref}: not seen yet`);
    return `${entry}.${number}`;
  }

  /** Claim something about a record of another statement. Throws Refused. */
  claim(word, ref, facts) {
    const [entry, record] = this.split(ref);
    if (entry === this.leaf.index) throw new Refused("reference", `${ref}: is in the same statement`);
    const name = `${entry}.${record}`;
    if (!this.books.claims.has(name)) this.books.claims.set(name, []);
    this.books.claims.get(name).push({ ref: this.ref, place: [this.leaf.index, this.number], word, facts });
  }

  /** Throws Refused if the record that a field names is void. */
  notVoid(ref, field) {
    checkNotVoid(this.books, this.resolve(ref), `${field} ${ref}`);
  }

  /** The payment or delivery that a reference names, which may be void. Throws Refused. */
  disbursement(ref) {
    const name = this.resolve(ref);
    const row = this.books.disbursement.get(name);
    if (!row) throw new Absent("reference", `${ref}: is not a payment or delivery`);
    return row;
  }
}

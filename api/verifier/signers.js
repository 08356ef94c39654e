// Whose keys signed the entries of a bundle, judged as the books do, as far as a bundle allows (ledger/bundle/signers.py).
//
// A key has standing from the entry after the one that gives it to a party, but not before the day on which it is in force; entry
// 0's own keys, from entry 0 on. It may sign its
// own introduction together with a key that has standing. Only records that the books would accept count: the operator named by
// entry 0 admits parties and, with an overseer, recovers them; a party adds and revokes its own keys. A record that the books
// could not apply, or whose maker had no right to make it, is reported and does not give anyone a key.

import { StatementContext } from "./context.js";
import { refusal } from "./books.js";
import { Absent } from "./fault.js";
import { REGISTRY } from "./forms.js";
import { inForceOn } from "./keys.js";
import { localDay } from "./moment.js";
import { checkRights, overseersIn } from "./authority.js";
import { OVERSEERS } from "./mandate.js";
import { checkRecord, introductions, remember } from "./rules.js";

const WHOLE = -1;
const standingOf = ({ from, until }) => (until === null ? `is in force from ${from} on` : "was revoked");

/** `found` are faults `[id, entry, record, message]`: every signature must be by a key with standing, the speaking party must have
 *  signed, and the records of the registry must be made and signed by those who may. `contexts`, by the index of an entry, says who
 *  signed it; see `party`. */
export function keyRegistry(leaves) {
  const register = new Register();
  if (!leaves.has(0)) {
    register.found = [...leaves.values()].flatMap(({ index, party }) => [
      ["key-standing", index, WHOLE, "no key is known, because entry 0 is not in the bundle or cannot be read"],
      ["authority", index, WHOLE, `no key of ${party} that signed its statement is known`],
    ]);
    return register;
  }
  for (const leaf of leaves.values()) {
    const before = register.found.length;
    const context = register.hear(leaf);
    if (register.ledger) {
      register.contexts.set(leaf.index, context);
      if (register.found.slice(before).some(([id]) => id === "rules")) break; // under unknown rules, nothing is judged
      continue;
    }
    const [{ kind }] = leaf.records;
    if (kind !== "ledger") register.found.push(["ledger", 0, WHOLE, `record 0 ${kind}: entry 0 must begin with the record that names the ledger`]);
    break;
  }
  return register;
}

/** The parties and keys that the entries so far gave standing. `held` are the keys of a party, in force or not; `overseers` are
 *  those that signed for others, or said what others are judged by. */
class Register {
  constructor() {
    [this.found, this.ledger, this.rules, this.contexts, this.ended, this.offsetMinutes] = [[], null, null, new Map(), new Map(), 0];
    [this.party, this.key, this.unit, this.held, this.fund, this.claims] = [new Map(), new Map(), new Map(), new Map(), new Map(), new Map()];
    [this.mandate, this.overseers, this.registered] = [new Map(), new Set(), new Map()];
  }

  /** Judge one entry, after all entries before it. Returns who signed it. */
  hear(leaf) {
    const context = this.identified(leaf);
    for (const name of overseersIn(context)) this.overseers.add(name);
    leaf.records.forEach((record, number) => {
      if (REGISTRY.includes(record.kind)) this.hearRecord(record, Object.assign(context, { number, faults: [] }));
    });
    return context;
  }

  /** The parties and officers of the keys that signed, by the state before the entry. */
  identified(leaf) {
    const introduced = new Map(leaf.records.flatMap((record) => introductions(record, leaf.party)));
    const fresh = new Set(leaf.keys.filter((key) => introduced.has(key) && !this.key.has(key)));
    const opened = new Set(leaf.records.map(({ holder }) => holder?.key));
    const day = refusal(() => localDay(this, leaf.time)) ? "" : localDay(this, leaf.time);
    const signers = [];
    for (const key of leaf.keys) {
      const row = this.key.get(key);
      if (row && inForceOn(row, day)) signers.push({ key, ...row });
      else if (!fresh.has(key) && (row || !opened.has(key))) this.find("key-standing", leaf.index, WHOLE, `key ${key}: ${row ? standingOf(row) : "does not belong to any party"}`);
      else if (fresh.has(key) && !this.ledger) signers.push({ key, ...introduced.get(key) });
    }
    for (const { key, kinds } of signers) {
      const other = kinds && leaf.records.find(({ kind }) => !kinds.includes(kind));
      if (other) this.find("authority", leaf.index, WHOLE, `key ${key}: signs only ${kinds.join(", ")}, not ${other.kind}`);
    }
    const own = signers.filter(({ party }) => party === leaf.party);
    // A key that signs some kinds only is nobody's second officer.
    const officers = new Set(own.filter(({ kinds }) => !kinds).map(({ officer }) => officer));
    if (!own.length) this.find("authority", leaf.index, WHOLE, `no key of ${leaf.party} has signed its statement`);
    return new StatementContext(this, leaf, day, { signers, officers, fresh });
  }

  find(id, entry, record, message) {
    this.found.push([id, entry, record, `as far as the bundle shows, ${message}`]);
  }

  hearRecord(record, context) {
    if (record.kind === "recovery" && !this.party.has(record.party)) {
      // An entry that is not in the bundle admitted it, so its rights are not known here.
      this.party.set(record.party, { roles: OVERSEERS, since: 0 });
    }
    context.remarks = [];
    let hasRight = false;
    const refused = refusal(() => {
      checkRights(record, context);
      hasRight = !context.faults.length;
      checkRecord(record, context);
      for (const [, { party }] of introductions(record, context.party)) if (this.party.has(party)) context.seen("party", party, "party");
    });
    if (refused instanceof Absent) return; // the bundle does not have what it names
    if (refused) context.faults.push(refused);
    for (const { rule, message } of [...context.remarks, ...context.faults]) this.find(rule, context.leaf.index, context.number, message);
    // As in an audit, a fault after which judging went on does not undo the record; but who had no right to make it changes no keys.
    if (!refused && hasRight && context.signers.some(({ party }) => party === context.party)) remember(record, context, []);
  }
}

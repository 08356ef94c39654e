// What can speak against a bundle, each with the stable id of the finding (docs/reference/findings.md).

/** Root of the faults. `rule` is the id, `where` the name of the record that it is about, or "". */
export class Fault extends Error {
  constructor(rule, message, where = "") {
    super(message);
    this.rule = rule;
    this.where = where;
  }
}

/** Bytes that are neither a bundle nor a policy, or that this program cannot read: there is no verdict on them. */
export class Malformed extends Fault {}

/** Something is false, or a rule says no. */
export class Refused extends Fault {}

/** A record names what these books do not have; an entry that is not in the bundle may have it. */
export class Absent extends Refused {}

/** A record or an entry is not there. */
export class Missing extends Fault {}

/** A foreign value as it may stand in a message: on one line, at most 80 characters. */
export function shown(value) {
  const text = typeof value === "number" ? String(value) : JSON.stringify(value) ?? "nothing";
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}

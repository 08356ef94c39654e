// What can be wrong with a bundle, each with the stable id of its finding (docs/reference/findings.md).

/** Root of the faults. `rule` is the id; `where` is the name of the record that it is about, or "". */
export class Fault extends Error {
  constructor(rule, message, where = "") {
    super(message);
    this.rule = rule;
    this.where = where;
  }
}

/** Bytes that are not a bundle or a policy, or that this program cannot read; there is no verdict on them. */
export class Malformed extends Fault {}

/** Something is false, or a rule forbids it. */
export class Refused extends Fault {}

/** A record names something that is not in these books; an entry that is not in the bundle may have it. */
export class Absent extends Refused {}

/** A record or an entry is missing. */
export class Missing extends Fault {}

/** A foreign value, safe to show in a message: on one line, at most 80 characters. */
export function shown(value) {
  const text = typeof value === "number" ? String(value) : JSON.stringify(value) ?? "nothing";
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}

// The kinds that make a fund: a fund, a project, an activity.

import { Refused } from "./fault.js";
import { inherited } from "./restriction.js";

const MOST_BELOW = 16;

/** A fund's row with what it inherits. Throws Refused where it cannot be made. */
function newFund({ id, parent, restriction = "unrestricted", thresholds = [] }, act, kind) {
  if (act.books.fund.has(id)) throw new Refused("reference", `id ${id}: a fund of that id exists`);
  const above = parent === undefined ? null : act.seen("fund", parent, "parent");
  if (above && (above.kind === "activity" || (kind === "project" && above.project))) {
    throw new Refused("reference", `parent ${parent}: a ${kind} cannot stand below it`);
  }
  const depth = above ? above.depth + 1 : 0;
  if (depth > MOST_BELOW) throw new Refused("reference", `parent ${parent}: none can be further down than ${MOST_BELOW} funds`);
  act.books.fund.set(id, {
    owner: act.party, kind, parent: parent ?? "", root: above?.root ?? id, project: kind === "project" ? id : above?.project ?? "",
    restriction: inherited(restriction, above?.restriction ?? "unrestricted"), thresholds, since: act.leaf.index, depth,
  });
}

export const fund = {
  check: ({ id, parent, restriction }, act) => {
    const above = parent === undefined ? null : act.seen("fund", parent, "parent");
    const old = act.books.fund.get(id);
    if (!old) return;
    if (old.owner !== act.party || old.parent !== (parent ?? "") || old.kind !== "fund") {
      throw new Refused("reference", `id ${id}: a fund of that id exists with another owner, parent or kind`);
    }
    if (old.restriction !== inherited(restriction, above?.restriction ?? "unrestricted")) {
      throw new Refused("restriction", `fund ${id} is ${old.restriction}; that never changes`);
    }
  },
  post: (record, act) => {
    const old = act.books.fund.get(record.id);
    if (old) old.thresholds = record.thresholds ?? [];
    else newFund(record, act, "fund");
  },
};

export const project = {
  post: (record, act) => {
    newFund(record, act, "project");
    act.books.project.set(record.id, { receiptDays: record.receipt_days, feedbackDays: record.feedback_days });
  },
};

export const activity = {
  check: ({ parent, implementers = [] }, act) => {
    if (!act.seen("fund", parent, "parent").project) throw new Refused("reference", `parent ${parent}: belongs to no project`);
    implementers.forEach((implementer) => act.seenParty(implementer));
  },
  post: (record, act) => {
    newFund(record, act, "activity");
    act.books.activity.set(record.id, { owner: act.party, implementers: record.implementers ?? [] });
  },
};

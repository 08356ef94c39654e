// Receipts and returns that contradict one another (ledger/books/disputes.py): both are entered, and the later one is reported.

import { acknowledged, contested, contesting } from "./levels.js";
import { returnsOf } from "./life.js";

const RULE = "return-against-receipt";

/** Whether the recipient of the payment signed the statement too. */
export function isAgreed({ signers }, { payee }) {
  return signers.some(({ party }) => party === payee);
}

export const DISPUTES = {
  "agrees-with-receipts": (context, [field], of, amount) => {
    const row = context.disbursement(of, field);
    const disputed = Math.min(contested(row, false) - (row.amount - row.returned - amount), amount);
    if (disputed <= 0 || isAgreed(context, row)) return;
    context.remark(RULE, `${field} ${of}: ${context.money(row.unit, disputed)} of what is said to have come back was acknowledged, and the recipient did not sign this`);
  },
  "agrees-with-returns": (context, [field], of, amount, level, into) => {
    const row = context.disbursement(of, field);
    const isVoid = context.books.void.has(context.resolve(of));
    const [before, reached] = [contested(row, isVoid), Math.min(amount + acknowledged(row, level), row.amount)];
    if (into !== undefined || !contesting(level, isVoid) || reached <= before) return;
    const against = returnsOf(row, before, reached).filter(({ agreed }) => !agreed);
    const disputed = against.reduce((units, { start, end }) => units + (Math.min(end, reached) - Math.max(start, before)), 0);
    if (!disputed) return;
    const said = isVoid ? "came back or never went out" : "came back";
    context.remark(RULE, `${field} ${of}: the owner says that ${context.money(row.unit, disputed)} of what is acknowledged ${said}, and the recipient did not sign that`);
  },
};

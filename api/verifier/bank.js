// Bank statements, receipts that open a line of one, and stocktakes (ledger/books/bank.py, counting.py), as far as a bundle can show them.

import { bytesOf, encode, fromHex, toHex } from "./canonical.js";
import { Absent, Refused } from "./fault.js";
import { leafHash, rootOver } from "./merkle.js";
import { CHARGES, custodianFor } from "./mandate.js";

const RULE = "bank-line";

/** The roots of the lines that the records of an entry open, by line and day; "" where a path is false. */
export async function rootsOf(subtle, records) {
  const found = new Map();
  for (const { line, received_on: day } of records) {
    if (line) found.set(nameOf(line, day), await rootOf(subtle, line, day));
  }
  return found;
}

async function rootOf(subtle, { amount, rest, salt, number, line_count: lines, path }, day) {
  const leaf = await leafHash(subtle, bytesOf(encode({ amount, day, rest, salt, way: "out" })));
  try {
    return toHex(await rootOver(subtle, leaf, number, lines, path.map(fromHex)));
  } catch (error) {
    if (error instanceof Refused) return "";
    throw error;
  }
}

const nameOf = (line, day) => `${day} ${encode(line)}`;

/** Why a statement cannot have a line of a payment on a day, in words; "" if it can. */
function mismatch(context, row, stated, day) {
  const root = context.books.fund.get(row.fund)?.root ?? row.fund;
  const same = [["party", row.party], ["channel", row.channel], ["unit", row.unit], ["root", root]].every(([name, value]) => stated[name] === value);
  if (!stated.custodian) return "no custodian has signed that statement";
  if (!same) return "the payment was not made from that account";
  if ([stated.custodian, CHARGES].includes(row.payee)) return `${stated.custodian} was paid itself, and cannot confirm that`;
  return stated.from <= day && day <= stated.to ? "" : `that statement is of ${stated.from} to ${stated.to}, not of ${day}`;
}

export const DEMANDED_OF_BANKS = {
  "signed-by-counter": (context, [field], party) => {
    if (!context.signers.some((signer) => signer.party === party)) context.fault("approval", `${field} ${party}: has not signed; who counted must sign`);
  },
  "is-root": (context, [field], fund) => {
    const { root } = context.books.fund.get(fund);
    if (root !== fund) throw new Refused("reference", `${field} ${fund}: is below ${root}; name the root of the tree`);
  },
  "opens-line": (context, [field, lineField], of, line, day, amount) => {
    const row = context.disbursement(of, field);
    const stated = context.books.bankStatement.get(context.resolve(line.statement));
    if (!stated) throw new Absent("reference", `${lineField} ${line.statement}: is not a bank statement`);
    const isThere = context.leaf.opened.get(nameOf(line, day)) === stated.lines && line.line_count === stated.count;
    const problem = mismatch(context, row, stated, day) || (isThere ? "" : "that statement does not have this line");
    if (problem) throw new Refused(RULE, `${lineField} ${line.number} of ${line.statement}: ${problem}`);
    // Receipts that opened it before count too, but may be void in a part of the log that is not here.
    if (amount > line.amount) throw new Refused(RULE, `${lineField} ${line.number}: the line is of less than the receipt acknowledges`);
  },
};

export const REMEMBERED_OF_BANKS = {
  states: (context, { fund, unit, channel, from_day: from, to_day: to, lines, line_count: count }) => {
    const { books, party, signers, ref } = context;
    const keeper = custodianFor(context, party, channel);
    const custodian = signers.some((signer) => signer.party === keeper) ? keeper : "";
    books.bankStatement.set(ref, { party, root: fund, unit, channel, from, to, lines, count, custodian });
  },
};

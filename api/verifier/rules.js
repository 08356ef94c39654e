// Rules as rows (docs/reference/rules.md): what a kind names, demands, moves and remembers, as in RULES, NAMES, MOVES and MEMORY of
// forms.js. demands.js and memory.js define what each word does; this file defines how rows nest, and what moves.

import { DEMANDED } from "./demands.js";
import { MEMORY, MOVES, NAMES } from "./forms.js";
import { REMEMBERED } from "./memory.js";
import { flowsOf, size, split } from "./tape.js";

/** The value at a path of a record: for a pair `fund/unit`, both; undefined if a part of the path is left out. If the path goes
 *  through a list, the values of its items, without those that have none. */
function valueAt(scope, path) {
  if (path.includes("/")) return path.split("/").map((one) => valueAt(scope, one));
  const [name, ...rest] = path.split(".");
  const value = scope?.[name];
  if (!rest.length) return value;
  if (Array.isArray(value)) return value.flatMap((item) => valueAt(item, rest.join(".")) ?? []);
  return valueAt(value, rest.join("."));
}

/** The scopes in which the rows within a row are judged: `{ ...record, [field]: its current value }`. */
export const NESTING = {
  when: (scope, context, field) => (valueAt(scope, field) === undefined ? [] : [scope]),
  each: (scope, context, field) => (valueAt(scope, field) ?? []).map((item) => ({ ...scope, [field]: item })),
  about: (scope, context, field, table) => {
    const row = context?.books[table].get(context.resolve(valueAt(scope, field)));
    return row ? [{ ...scope, [field]: row }] : [];
  },
};

/** The rows that apply to a record: [word, names of fields, their values]. */
export function* rowsThatHold(rows, scope, context) {
  for (const [word, ...args] of rows) {
    const fields = args.filter((arg) => !Array.isArray(arg));
    if (!NESTING[word]) yield [word, fields, fields.map((path) => valueAt(scope, path))];
    else for (const within of NESTING[word](scope, context, ...fields)) yield* rowsThatHold(args.slice(fields.length), within, context);
  }
}

/** Judge what a record names, and the demands on it. Throws Refused. */
export function checkRecord(record, context) {
  for (const [what, path] of NAMES[record.kind] ?? []) {
    for (const name of [valueAt(record, path) ?? []].flat()) context.check(what, name, path);
  }
  for (const [word, fields, values] of rowsThatHold(context.demands[record.kind] ?? [], record, context)) DEMANDED[word]?.(context, fields, ...values);
}

/** Remember a record. Throws Refused. */
export function remember(record, context, flows) {
  for (const [word, , values] of rowsThatHold(MEMORY[record.kind] ?? [], record, context)) REMEMBERED[word]?.(context, record, flows, ...values);
}

const comesIn = (tape, given, cost) => ({ into: tape, given, cost });
const goesOut = (tape, taken, units, state) => ({ out: tape, taken, units, state });
export const LEGS = {
  "comes-in": comesIn,
  "rest-comes-in": (tape, amount, less = 0) => comesIn(tape, amount - less),
  bought: comesIn,
  "goes-out": goesOut,
  "units-go-out": (tape, units, part = units) => goesOut(tape, size(part), part),
  "as-many-come-in": (tape, units, part = units) => comesIn(tape, size(part)),
  "goes-void": (tape, units) => goesOut(tape, size(units), units, "void"),
  "goods-go-void": (tape, bought) => bought.map(([goods, start, end]) => goesOut(goods, end - start, [[start, end]], "void")),
  "goes-back": (tape, units) => goesOut(tape, size(units), units, "refunded"),
  "pays-fee-back": (tape, amount) => goesOut(tape, amount, undefined, "written-off"),
  "makes-good": (tape, units) => goesOut(tape, size(units), undefined, "written-off"),
};

/** What a record moves, each move in one tape. Without an context, only what follows from the record alone. Throws Refused. */
export function legsOf(record, context) {
  return [...rowsThatHold(MOVES[record.kind] ?? [], record, context)].flatMap(([word, [field], [[fund, unit], ...values]]) =>
    LEGS[word](context ? context.tape(fund, unit, field.split("/")[0]) : `${fund}/${unit}`, ...values));
}

/** How the units out of a record map to the units in: all to all, or in shares of what each cost. */
export function hopsOf(record, flows) {
  const [outs, ins, legs] = [flowsOf(flows, "-"), flowsOf(flows, "+"), legsOf(record)];
  const spans = outs.map(([, span]) => span);
  if (!outs.length) return [];
  if (record.kind === "reversal" && !isBack(outs, ins)) return byTape(outs).map((hop) => ({ ...hop, state: "void" }));
  if (ins.length) {
    const costs = legs.map(({ cost }) => cost).filter(Boolean);
    const parts = costs.length ? split(spans, costs) : [spans];
    return parts.map((out, i) => ({ outTape: outs[0][0], out, into: ins[i][0], span: ins[i][1] }));
  }
  const ending = legs.filter(({ state }) => state);
  const parts = split(spans, ending.map(({ taken }) => taken));
  if (ending.length) return ending.map(({ out, state }, i) => ({ outTape: out, out: parts[i], state }));
  return byTape(outs);
}

/** Whether a reversal moves the units of an allocation back. Any other ends what came in by a record; what comes in is what that
 *  record had let out. */
function isBack(outs, ins) {
  const unit = ([tape]) => tape.split("/")[1];
  return ins.length === 1 && byTape(outs).length === 1 && unit(outs[0]) === unit(ins[0]);
}

/** Flows out as hops that lead nowhere, one for each tape. */
export function byTape(outs) {
  const tapes = [...new Set(outs.map(([tape]) => tape))];
  return tapes.map((tape) => ({ outTape: tape, out: outs.filter(([name]) => name === tape).map(([, span]) => span) }));
}

const GIVE_KEYS = ["gives-key", "gives-key-later"];

/** [key, { party, officer }] of the keys that a record gives to a party. */
export function introductions(record, speaker) {
  const given = [...rowsThatHold(MEMORY[record.kind] ?? [], record)].filter(([word]) => GIVE_KEYS.includes(word));
  return given.map(([, , [key, officer, party = speaker]]) => [key, { party, officer }]);
}

/** The values of each row of a word of `remembers` that holds for a record. */
export function valuesOf(word, record) {
  return [...rowsThatHold(MEMORY[record.kind] ?? [], record)].filter(([one]) => one === word).map(([, , values]) => values);
}

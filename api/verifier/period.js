// Periods in steps, as in ledger/books/period.py: a day is in a month, a year and a century, so a period needs only a few of them.

const LENGTHS = [10, 7, 4, 2];
const [DAYS, MONTHS, YEARS] = [31, 12, 100];

/** The day, its month, its year and its century. */
export function stepsOf(day) {
  return LENGTHS.map((length) => day.slice(0, length));
}

/** Days, months, years and centuries that together cover the days from one to another, both included, each day once. */
export function cover(from, to) {
  const steps = [];
  let [low, high] = [number(from), number(to) + 1];
  [DAYS, MONTHS, YEARS].forEach((radix, i) => {
    for (; low < high && low % radix; low += 1) steps.push(text(low, LENGTHS[i]));
    for (; low < high && high % radix; high -= 1) steps.push(text(high - 1, LENGTHS[i]));
    [low, high] = [Math.floor(low / radix), Math.floor(high / radix)];
  });
  for (; low < high; low += 1) steps.push(text(low, LENGTHS.at(-1)));
  return steps;
}

function number(day) {
  const [year, month, date] = day.split("-").map(Number);
  return (year * MONTHS + month - 1) * DAYS + date - 1;
}

function text(at, length) {
  const two = (part) => String(part + 1).padStart(2, "0");
  if (length === 10) return `${text(Math.floor(at / DAYS), 7)}-${two(at % DAYS)}`;
  if (length === 7) return `${text(Math.floor(at / MONTHS), 4)}-${two(at % MONTHS)}`;
  return String(at).padStart(length, "0");
}

/** The day that is this many days after another. */
export function daysAfter(day, days) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000 * days).toISOString().slice(0, 10);
}

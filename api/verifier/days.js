// The words about days on which something happened (ledger/books/days.py, under the same names). Each is called with the context, the
// names of the fields and their values. On which day a party's books begin, a bundle does not show: the party may have moved it back.

const DAY_MS = 86_400_000;

/** Whether a day is more than one day before the day of what it answers. */
export function isTooEarly(day, answered) {
  return Date.parse(`${day}T00:00:00Z`) + DAY_MS < Date.parse(`${answered}T00:00:00Z`);
}

function notAfterToday(context, [field], day) {
  if (day > context.day) context.fault("day", `${field} ${day}: is after the day of the entry, ${context.day}`);
}

export const OF_DAYS = {
  "not-after-today": notAfterToday,
  "in-its-books": notAfterToday,
  "in-books-of": notAfterToday,
  "in-books-of-leader": (context, [, field], from, to) => notAfterToday(context, [field], to),
  "before-its-answers": (context, [, field], of, day) => {
    const { answeredOn } = context.books.disbursement.get(context.resolve(of)) ?? {};
    if (answeredOn && isTooEarly(answeredOn, day)) context.fault("day", `${field} ${day}: it was answered on ${answeredOn}, more than one day before that`);
  },
  answers: (context, [field, name], day, of) => {
    const paidOn = context.disbursement(of, name).day;
    if (isTooEarly(day, paidOn)) context.fault("day", `${field} ${day}: is more than one day before ${paidOn}, the day of what it answers`);
  },
};

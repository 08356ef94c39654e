// Times and days of a ledger.

import { Refused } from "./fault.js";

/** Milliseconds since 1970 of a UTC time; NaN if the calendar does not have it. */
export function momentOf(time) {
  const moment = Date.parse(time);
  return !Number.isNaN(moment) && new Date(moment).toISOString() === time.replace("Z", ".000Z") ? moment : NaN;
}

/** The day of a UTC time in the ledger's time zone. Throws Refused if the time or its local day is not in the calendar. */
export function localDay(books, time) {
  const moment = momentOf(time);
  const real = !Number.isNaN(moment);
  const day = real ? new Date(moment + 60_000 * books.offsetMinutes).toISOString() : "";
  if (!real || time < "0001" || !/^[0-9]{4}-/.test(day) || day < "0001") {
    throw new Refused("time", `time ${time}: is not in the calendar, or its local day is not`);
  }
  return day.slice(0, 10);
}

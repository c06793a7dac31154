const dayFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const minuteFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const exactFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

/** The reader's time zone, by its IANA name. */
export const readersZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A time in the reader's zone; the exact one on hover. */
export function Time({ at, day = false }: { at: string; day?: boolean }) {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return <>{at}</>;
  return (
    <time dateTime={at} title={`${exactFormat.format(date)} (${at})`}>
      {(day ? dayFormat : minuteFormat).format(date)}
    </time>
  );
}

/** dayText is a day of the calendar, "2026-11-30", as its parts are in a time zone. */
export function dayText(date: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(date);
  return parts.slice(0, 10);
}

/** The milliseconds by which the clocks of a zone are ahead of UTC. */
function offset(at: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const local = Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute, part.second);
  return local - Math.floor(at / 1000) * 1000;
}

/** startOfDay is the moment at which a day ("2026-11-30") begins in a time zone. */
export function startOfDay(day: string, timeZone: string): string {
  const utc = Date.parse(`${day}T00:00:00Z`);
  // Twice, for the clocks may change between the guess and the moment.
  const guess = utc - offset(utc, timeZone);
  return new Date(utc - offset(guess, timeZone)).toISOString();
}

/** addDays counts days of the calendar on from a day. */
export function addDays(day: string, count: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** isZone reports whether the browser knows a time zone. */
export function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

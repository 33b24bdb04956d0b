/** `2026-11-21`, `2026-11-21T10:00`, with seconds and milliseconds, and with `Z` or an offset. */
const TIME = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(Z|[+-]\d\d:?\d\d)?)?$/i;

interface WrittenTime {
  /** As if it were UTC, ms. */
  wall: number;
  /** Minutes east of UTC; null: the operator's own zone. */
  offset: number | null;
}

export function isWrittenTime(text: string): boolean {
  return readWrittenTime(text) !== null;
}

function readWrittenTime(text: string): WrittenTime | null {
  const found = TIME.exec(text);
  if (!found) return null;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const ms = Number((found[7] ?? "").padEnd(3, "0"));
  const wall = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const date = new Date(wall);
  const kept = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
  if (year < 1970 || !kept || minute > 59 || second > 59) return null;
  const offset = readOffset(found[8]);
  return offset === "bad" ? null : { wall, offset };
}

function readOffset(text: string | undefined): number | null | "bad" {
  if (text === undefined) return null;
  if (/^z$/i.test(text)) return 0;
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(-2))];
  if (hours > 14 || minutes > 59) return "bad";
  return (text.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

/**
 * The moment that a written time means, ms since the epoch. Without an offset it is on the clock of the zone; of a time
 * that the clock shows twice the first, of one that it skips the moment after the gap.
 *
 * @param zone an IANA name that this machine knows
 */
export function momentOf(text: string, zone: string): number {
  const written = readWrittenTime(text)!;
  if (written.offset !== null) return written.wall - written.offset * 60_000;
  const before = written.wall - offsetAt(written.wall - 86_400_000, zone);
  const after = written.wall - offsetAt(written.wall + 86_400_000, zone);
  const fits = [before, after].filter((moment) => moment + offsetAt(moment, zone) === written.wall);
  return fits.length > 0 ? Math.min(...fits) : before;
}

/** How far the zone's clock is ahead of UTC at a moment, ms. */
function offsetAt(moment: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(moment);
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)!.value);
  const wall = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return wall - Math.floor(moment / 1000) * 1000;
}

/** A time on the zone's clock with its offset, to the minute or as exactly as needed: the same moment for every reader. */
export function writeMoment(moment: number, zone: string): string {
  const offset = Math.round(offsetAt(moment, zone) / 60_000);
  const wall = new Date(moment + offset * 60_000).toISOString().slice(0, 23);
  const exact = wall.endsWith(":00.000")
    ? wall.slice(0, 16)
    : wall.endsWith(".000")
      ? wall.slice(0, 19)
      : wall;
  if (offset === 0) return `${exact}Z`;
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `${exact}${offset < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}

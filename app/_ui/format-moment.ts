/**
 * `2026-11-21 10:31:40` in a time zone; with milliseconds on request. Digits only, so that the server and every browser
 * write the same text, whatever version of the locale data they carry.
 */
export function formatMoment(moment: Date, timeZone: string, milliseconds = false): string {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(moment);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((p) => p.type === type)?.value ?? "";
  const day = `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
  const time = `${part("hour")}:${part("minute")}:${part("second")}`;
  const fraction = milliseconds ? `.${String(moment.getUTCMilliseconds()).padStart(3, "0")}` : "";
  return `${day} ${time}${fraction}`;
}

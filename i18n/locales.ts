export const LOCALES = ["en", "zh"] as const;
export type Locale = (typeof LOCALES)[number];

/** What each language calls itself. */
export const LOCALE_NAMES: Record<Locale, string> = { en: "English", zh: "中文" };

export const LOCALE_COOKIE = "surelay.locale";
/** The zone of the operator's browser, as it last told. */
export const TIME_ZONE_COOKIE = "surelay.time_zone";
/** The zone the operator wants instead; absent or `browser`: the browser's. */
export const TIME_ZONE_CHOICE_COOKIE = "surelay.time_zone_choice";

/**
 * The language of a page: the operator's own choice, else the first of the browser's languages that there is.
 * @param cookie value of `LOCALE_COOKIE` @param acceptLanguage the request header
 */
export function chooseLocale(cookie: string | undefined, acceptLanguage: string | null): Locale {
  const chosen = LOCALES.find((locale) => locale === cookie);
  if (chosen) return chosen;
  for (const wish of languagesOf(acceptLanguage ?? "")) {
    const known = LOCALES.find((locale) => locale === wish.split("-")[0]);
    if (known) return known;
  }
  return "en";
}

function languagesOf(header: string): string[] {
  return header
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
      const quality = parameters.map((p) => /^\s*q=([\d.]+)\s*$/.exec(p)?.[1]).find(Boolean);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => tag !== "" && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag);
}

/**
 * The operator's time zone: the chosen one, else the browser's; UTC until that is told, or when it is no zone this server
 * knows.
 * @param browser value of `TIME_ZONE_COOKIE` @param choice value of `TIME_ZONE_CHOICE_COOKIE`
 */
export function chooseTimeZone(browser: string | undefined, choice?: string): string {
  const chosen = choice && choice !== "browser" ? knownZone(choice) : null;
  return chosen ?? knownZone(browser) ?? "UTC";
}

function knownZone(name: string | undefined): string | null {
  if (!name) return null;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

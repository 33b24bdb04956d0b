import { getRequestConfig } from "next-intl/server";
import { cookies, headers } from "next/headers";
import {
  LOCALE_COOKIE,
  type Locale,
  TIME_ZONE_CHOICE_COOKIE,
  TIME_ZONE_COOKIE,
  chooseLocale,
  chooseTimeZone,
} from "./locales.ts";
import type { catalogue as english } from "../messages/en/catalogue.ts";

const CATALOGUES: Record<Locale, () => Promise<{ catalogue: typeof english }>> = {
  en: () => import("../messages/en/catalogue.ts"),
  zh: () => import("../messages/zh/catalogue.ts"),
};

/** Language, texts, zone and clock of the page that is being rendered. */
export default getRequestConfig(async () => {
  const jar = await cookies();
  const locale = chooseLocale(jar.get(LOCALE_COOKIE)?.value, (await headers()).get("accept-language"));
  return {
    locale,
    messages: (await CATALOGUES[locale]()).catalogue,
    timeZone: chooseTimeZone(jar.get(TIME_ZONE_COOKIE)?.value, jar.get(TIME_ZONE_CHOICE_COOKIE)?.value),
    now: new Date(),
  };
});

import type { Locale as ConsoleLocale } from "./locales.ts";
import type en from "../messages/en.json";

declare module "next-intl" {
  interface AppConfig {
    Locale: ConsoleLocale;
    Messages: typeof en;
  }
}

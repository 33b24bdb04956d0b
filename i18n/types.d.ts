import type { Locale as ConsoleLocale } from "./locales.ts";
import type { catalogue } from "../messages/en/catalogue.ts";

declare module "next-intl" {
  interface AppConfig {
    Locale: ConsoleLocale;
    Messages: typeof catalogue;
  }
}

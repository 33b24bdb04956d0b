"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { TIME_ZONE_COOKIE } from "@/i18n/locales.ts";
import { keepPreference, readPreference } from "./keep-preference.ts";

/** Tells the server the browser's time zone, once, and renders again when it was rendered in another. */
export function TimeZoneKeeper() {
  const router = useRouter();
  useEffect(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (readPreference(TIME_ZONE_COOKIE) === zone) return;
    keepPreference(TIME_ZONE_COOKIE, zone);
    router.refresh();
  }, [router]);
  return null;
}

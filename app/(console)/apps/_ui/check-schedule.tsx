"use client";
import { Text } from "@mantine/core";
import { useFormatter, useTranslations } from "next-intl";
import { type CheckSettings, checkPolicyOf, checkTimes } from "@/server/domain/check-policy.ts";
import { useMeasures } from "../../../_ui/use-measures.ts";

/** What the service begins with unless SURELAY_CHECK_AFTER_SECONDS or the app says otherwise. */
const USUAL_AFTER_SECONDS = 10;
const SHOWN = 4;

/** When a message is asked about if every answer is "unknown", and when that ends. */
export function CheckSchedule({
  check,
  afterSeconds,
}: {
  check: CheckSettings;
  afterSeconds: number | null;
}) {
  const t = useTranslations("apps");
  const format = useFormatter();
  const { duration } = useMeasures();
  const times = checkTimes(checkPolicyOf(check, afterSeconds ?? USUAL_AFTER_SECONDS));
  const words = times.map((seconds) => duration(seconds * 1000));
  const first = format.list(words.slice(0, SHOWN), { type: "unit" });
  return (
    <Text size="sm" c="dimmed">
      {t("policy.schedule", {
        first,
        more: times.length > SHOWN ? "yes" : "no",
        last: words.at(-1)!,
        count: times.length,
      })}
    </Text>
  );
}

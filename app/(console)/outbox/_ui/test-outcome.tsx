"use client";
import { Alert, Text } from "@mantine/core";
import { IconCircleCheck, IconInfoCircle, IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useMeasures } from "../../../_ui/use-measures.ts";
import type { ConnectionTest } from "./source-shape.ts";
import { WaitingRows } from "./waiting-rows.tsx";

/** What a look at the source from the console's process found, and what to do when it found trouble. */
export function TestOutcome({ test }: { test: ConnectionTest }) {
  const t = useTranslations("outbox.test");
  const { duration } = useMeasures();
  if (test.kind === "ok")
    return (
      <Alert color="teal" icon={<IconCircleCheck aria-hidden />} title={t("ok")} data-test="ok" role="note">
        {t("found", { place: test.place, found: test.found, duration: duration(test.ms) })}{" "}
        {t.rich("waiting", { count: () => <WaitingRows waiting={test.waiting} /> })}
      </Alert>
    );
  const unset = test.code === "unset";
  return (
    <Alert
      color={unset ? "lake" : "red"}
      icon={unset ? <IconInfoCircle aria-hidden /> : <IconPlugConnectedX aria-hidden />}
      title={t(unset ? "unset" : "failed")}
      data-test={test.code}
      role="note"
    >
      {t(`todo.${test.code}`)}
      <Text size="sm" className="mono" mt={4} style={{ overflowWrap: "anywhere" }}>
        {test.detail}
      </Text>
    </Alert>
  );
}

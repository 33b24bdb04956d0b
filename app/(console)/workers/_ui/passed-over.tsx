"use client";
import { Code } from "@mantine/core";
import { useTranslations } from "next-intl";
import { agePart } from "../../../_ui/rich-parts.tsx";
import type { Instance } from "./board.ts";
import classes from "./instance-table.module.css";

/** Acknowledgements of the Kafka topic that nobody can act on: somebody's consumer says what it does not mean. */
export function PassedOver({
  acks: { poison, refused, lastRefused },
}: {
  acks: NonNullable<Instance["acks"]>;
}) {
  const t = useTranslations("workers");
  return (
    <div className={classes.warning} data-passed-over={poison + refused}>
      {t("acksPassedOver", { poison, refused })}
      {lastRefused !== null && (
        <div className={classes.sub}>
          {t.rich("acksLast", {
            age: agePart(new Date(lastRefused.at)),
            place: `${lastRefused.partition}/${lastRefused.offset}`,
          })}{" "}
          <Code>{lastRefused.detail}</Code>
        </div>
      )}
    </div>
  );
}

"use client";
import { Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { Section } from "../../../_ui/section.tsx";
import type { Board } from "./board.ts";
import classes from "./lane-board.module.css";
import { LaneCard } from "./lane-card.tsx";

/** All lanes side by side. */
export function LaneSection({ board }: { board: Board }) {
  const t = useTranslations("workers");
  const owners = new Set(board.lanes.flatMap((lane) => lane.owner ?? []));
  return (
    <Section
      title={t("lanes")}
      aside={
        <Text size="sm" c="dimmed">
          {t("lanesSummary", { lanes: board.lanes.length, owners: owners.size })}
        </Text>
      }
    >
      <Text size="sm" c="dimmed" mb="sm">
        {t("lanesHint")}
      </Text>
      <ul className={classes.board}>
        {board.lanes.map((lane) => (
          <li key={lane.lane}>
            <LaneCard lane={lane} cap={board.countCap} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

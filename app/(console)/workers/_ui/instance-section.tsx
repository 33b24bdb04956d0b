"use client";
import { Switch } from "@mantine/core";
import { IconCpu } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { parseAsBoolean, useQueryState } from "nuqs";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { Section } from "../../../_ui/section.tsx";
import { type Board, inOrder, isRunning } from "./board.ts";
import { InstanceTable } from "./instance-table.tsx";

/** All processes; those that ended in order only when asked for. One that fell silent is always shown. */
export function InstanceSection({ board }: { board: Board }) {
  const t = useTranslations("workers");
  const [ended, setEnded] = useQueryState("ended", parseAsBoolean.withDefault(false));
  const stopped = board.instances.filter(({ stoppedAt }) => stoppedAt !== null).length;
  const shown = inOrder(board.instances.filter(({ stoppedAt }) => ended || stoppedAt === null));
  const relays = board.instances.filter((i) => i.kind === "relay" && isRunning(i) && i.wanted === "run");
  return (
    <Section
      title={t("processes")}
      aside={
        stopped > 0 && (
          <Switch
            size="xs"
            checked={ended}
            onChange={(event) => void setEnded(event.currentTarget.checked || null)}
            label={t("showEnded", { count: stopped })}
          />
        )
      }
    >
      {shown.length === 0 ? (
        <EmptyState icon={IconCpu} title={t("emptyTitle")} text={t("emptyText")} />
      ) : (
        <InstanceTable instances={shown} lastRelay={relays.length === 1 ? relays[0]!.name : null} />
      )}
    </Section>
  );
}

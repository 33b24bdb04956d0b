"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "../../../../_trpc/client.ts";
import { RemoveControl } from "../../../_registry/_ui/remove-control.tsx";
import type { SourceDetail } from "../../_ui/source-shape.ts";
import { WaitingRows } from "../../_ui/waiting-rows.tsx";

interface RemoveSourceProps {
  source: SourceDetail;
  onLeaving: (leaving: boolean) => void;
}

/** Forgets a source; says how many rows stay behind in its database. */
export function RemoveSource({ source, onLeaving }: RemoveSourceProps) {
  const t = useTranslations("outbox");
  const trpc = useTRPC();
  const remove = useMutation(trpc.sources.remove.mutationOptions());
  const { name } = source;
  return (
    <RemoveControl
      permission="source.manage"
      action="remove-source"
      texts={{
        label: t("remove"),
        title: t("removeTitle", { name }),
        effect: t("removeEffect"),
        warning: t.rich("removeWarning", { count: () => <WaitingRows waiting={source.waiting} /> }),
        confirm: t("removeDo"),
        done: t("removed", { name }),
      }}
      list="/outbox"
      write={(reason) => remove.mutateAsync({ name, reason })}
      onLeaving={onLeaving}
    />
  );
}

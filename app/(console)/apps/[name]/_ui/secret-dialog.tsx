"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "../../../../_trpc/client.ts";
import { momentPart } from "../../../../_ui/rich-parts.tsx";
import { SecretDialog as Dialog } from "../../../_registry/_ui/secret-dialog.tsx";
import type { AppDetail } from "./app-detail.ts";

interface SecretDialogProps {
  app: AppDetail;
  wish: "show" | "rotate";
  /** The version that was there when the dialog was opened: that one is replaced, and not one that it does not know of. */
  seen: number;
  opened: boolean;
  onClose: () => void;
}

/** Shows an app's signing secret, or gives it a new one and shows that. */
export function SecretDialog({ app, wish, seen, ...dialog }: SecretDialogProps) {
  const t = useTranslations("apps.secret");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const show = useMutation(trpc.apps.showSecret.mutationOptions({ gcTime: 0 }));
  const rotate = useMutation(trpc.apps.rotateSecret.mutationOptions({ gcTime: 0 }));
  const { name } = app;
  return (
    <Dialog
      {...dialog}
      wish={wish}
      texts={{
        title: t(`${wish}Title`, { name }),
        effect: t(`${wish}Effect`, { name }),
        warning: wish === "rotate" ? t("rotateWarning") : undefined,
        confirm: t(`${wish}Do`),
        name: t("name"),
        shown: (version) => t("shown", { name, version }),
        overlaps: (until) => t.rich("overlaps", { until: momentPart(until) }),
        meanwhile: (version) => t("meanwhile", { version }),
      }}
      show={async (reason) => {
        const secret = await show.mutateAsync({ name, reason });
        show.reset();
        return secret;
      }}
      rotate={async (reason) => {
        const result = await rotate.mutateAsync({ name, seen, reason });
        rotate.reset();
        await queries.invalidateQueries(trpc.apps.pathFilter());
        return result;
      }}
    />
  );
}

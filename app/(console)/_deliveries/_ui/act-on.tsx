"use client";
import { type Icon, IconClockPlay, IconRepeat, IconTrash } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import dynamic from "next/dynamic";
import { useState } from "react";
import { GatedButton } from "../../../_ui/gated-button.tsx";
import type { ActedWhich } from "./act-dialog.tsx";
import type { ActVerb } from "./delivery-shape.ts";

const ActDialog = dynamic(() => import("./act-dialog.tsx").then((m) => m.ActDialog), { ssr: false });

const ICONS: Record<ActVerb, Icon> = { redrive: IconRepeat, retry_now: IconClockPlay, discard: IconTrash };

interface ActOnProps {
  verb: ActVerb;
  which: ActedWhich;
  /** Default: the verb's own. */
  label?: string;
  /** Why it cannot be done just now; null: it can. */
  blocked?: string | null;
  size?: string;
  /** Tells this button from others of its kind, for tests. */
  action?: string;
  onDone?: () => void;
}

/** Does something with deliveries, after it said with how many. */
export function ActOn({ verb, which, label, blocked, size = "xs", action, onDone }: ActOnProps) {
  const t = useTranslations("deliveries.act");
  const [opened, setOpened] = useState(false);
  /** What it was about when it was opened: the list goes on living behind the dialog. */
  const [wanted, setWanted] = useState<ActedWhich | null>(null);
  const ActIcon = ICONS[verb];
  return (
    <>
      <GatedButton
        permission={verb === "discard" ? "delivery.discard" : "delivery.redrive"}
        blocked={blocked ?? null}
        size={size}
        variant="default"
        data-action={action ?? verb}
        leftSection={<ActIcon size={15} aria-hidden />}
        onClick={() => {
          setWanted(which);
          setOpened(true);
        }}
      >
        {label ?? t(`${verb}.button`)}
      </GatedButton>
      {wanted !== null && (
        <ActDialog
          verb={verb}
          which={wanted}
          opened={opened}
          onClose={() => setOpened(false)}
          onDone={onDone}
        />
      )}
    </>
  );
}

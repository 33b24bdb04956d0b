"use client";
import { Modal } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "../../../_trpc/client.ts";
import { GatedButton } from "../../../_ui/gated-button.tsx";
import { KeyForm } from "./key-form.tsx";
import { MadeKey, type NewKey } from "./made-key.tsx";
import { useOpenerFocus } from "../../../_ui/use-opener-focus.ts";

interface Make {
  /** The app that the key acts for, when the place tells. */
  app?: string | undefined;
  size?: string;
}

/**
 * Makes a key and shows it once. While it is shown the dialog closes in one way only, after its reader said that it is
 * stored: no stray click, no Escape.
 */
export function MakeKey({ app, size }: Make) {
  const t = useTranslations("keys");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [opened, setOpened] = useState(false);
  useOpenerFocus(opened);
  const [busy, setBusy] = useState(false);
  const [made, setMade] = useState<NewKey | null>(null);
  const close = () => setOpened(false);

  function open() {
    setMade(null);
    setOpened(true);
  }

  function show(key: NewKey) {
    setMade(key);
    void queryClient.invalidateQueries(trpc.keys.pathFilter());
    void queryClient.invalidateQueries(trpc.apps.pathFilter());
  }

  return (
    <>
      <GatedButton
        permission="key.manage"
        data-action="make-key"
        leftSection={<IconKey size={16} aria-hidden />}
        onClick={open}
        {...(size !== undefined && { size, variant: "default" })}
      >
        {t("make")}
      </GatedButton>
      <Modal
        opened={opened}
        onClose={busy || made !== null ? () => undefined : close}
        title={made === null ? t("makeTitle") : t("madeTitle", { app: made.app })}
        closeOnClickOutside={false}
        closeOnEscape={made === null}
        withCloseButton={made === null}
        closeButtonProps={{ "aria-label": t("close"), disabled: busy }}
        size="lg"
        centered
      >
        {made === null ? (
          <KeyForm app={app} onBusy={setBusy} onCancel={close} onMade={show} />
        ) : (
          <MadeKey made={made} onDone={close} />
        )}
      </Modal>
    </>
  );
}

"use client";
import { Alert, Button } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import { IconLogin2 } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { goToProvider } from "./sign-in.ts";

/** Leads to the identity provider, which leads back. */
export function ProviderButton({ name, next }: { name: string; next: string }) {
  const t = useTranslations("login");
  const ready = useMounted();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);

  async function go() {
    setBusy(true);
    setFailed(false);
    const left = await goToProvider(next);
    if (left) return; // the page is being left
    setFailed(true);
    setBusy(false);
  }

  return (
    <>
      {failed && (
        <Alert color="red" role="alert">
          {t("providerError.provider_unreachable", { name })}
        </Alert>
      )}
      <Button
        variant="default"
        fullWidth
        leftSection={<IconLogin2 size={18} aria-hidden />}
        disabled={!ready}
        loading={busy}
        onClick={() => void go()}
      >
        {t("provider", { name })}
      </Button>
    </>
  );
}

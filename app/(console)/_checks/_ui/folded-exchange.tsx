"use client";
import { Collapse, Text, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ExchangeView, type ShownExchange } from "./exchange-view.tsx";

/** Request and response behind one line. @param what names it for who cannot see where it stands */
export function FoldedExchange({ exchange, what }: { exchange: ShownExchange; what: string }) {
  const t = useTranslations("checkBack");
  const [open, setOpen] = useState(false);
  const Mark = open ? IconChevronDown : IconChevronRight;
  return (
    <div>
      <UnstyledButton
        onClick={() => setOpen(!open)}
        aria-expanded={open}
        aria-label={t("unfold", { what })}
        data-unfold
        mb={open ? 6 : 0}
      >
        <Text size="sm" component="span" c="dimmed" style={{ display: "inline-flex", gap: 4 }}>
          <Mark size={16} aria-hidden /> {t("exchange")}
        </Text>
      </UnstyledButton>
      <Collapse expanded={open}>{open && <ExchangeView exchange={exchange} />}</Collapse>
    </div>
  );
}

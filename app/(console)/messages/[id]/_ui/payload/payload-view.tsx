"use client";
import { Alert, Button, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useDeferredValue, useMemo, useState } from "react";
import { CopyValue } from "../../../../../_ui/copy-value.tsx";
import { Section } from "../../../../../_ui/section.tsx";
import { useMeasures } from "../../../../../_ui/use-measures.ts";
import { DumpLines } from "./dump-lines.tsx";
import { FindBar } from "./find-bar.tsx";
import { JsonLines } from "./json-lines-view.tsx";
import { type PayloadForm, copyText, decodePayload, findIn, layOutPayload } from "./payload-forms.ts";
import classes from "./payload-view.module.css";
import { TextLines } from "./text-lines.tsx";

interface Payload {
  id: string;
  base64: string;
  /** Of the whole payload; more than `base64` holds when it is cut. */
  bytes: number;
  contentType: string;
  downloadable: boolean;
  /** Stands above the content. */
  note: ReactNode;
}

/** A payload as JSON, text or bytes, with a search in it; each form exact, or it says that it is not. */
export function PayloadView({ id, base64, bytes, contentType, downloadable, note }: Payload) {
  const t = useTranslations("payload");
  const { size } = useMeasures();
  const decoded = useMemo(() => decodePayload(base64, bytes, contentType), [base64, bytes, contentType]);
  const [chosen, setChosen] = useState<PayloadForm | null>(null);
  const [wanted, setWanted] = useState("");
  const [at, setAt] = useState(0);
  const form = chosen ?? decoded.best;
  const content = useMemo(() => layOutPayload(decoded, form), [decoded, form]);
  const looked = useDeferredValue(wanted);
  const matches = useMemo(() => findIn(content, looked), [content, looked]);
  const found = matches.length === 0 ? 0 : matches.at(-1)!.n + 1;
  const current = found === 0 ? null : at % found;
  const forms: PayloadForm[] = decoded.json ? ["json", "text", "hex"] : ["text", "hex"];

  const aside = (
    <Group gap="xs">
      <SegmentedControl
        size="xs"
        aria-label={t("view")}
        value={form}
        onChange={(value) => {
          setChosen(value);
          setAt(0);
        }}
        data={forms.map((value) => ({ value, label: t(`form.${value}`) }))}
      />
      <CopyValue value={copyText(content)} what={t("title")} />
      {downloadable && (
        <Button
          component="a"
          href={`/api/messages/${id}/payload`}
          download
          size="compact-xs"
          variant="default"
          leftSection={<IconDownload size={15} aria-hidden />}
        >
          {t("download")}
        </Button>
      )}
    </Group>
  );

  const shown = { matches, current };
  return (
    <Section title={t("title")} aside={aside}>
      <Stack gap="xs">
        {note}
        {decoded.cut && (
          <Alert color="lake">{t("cut", { shown: size(decoded.raw.length), bytes: size(bytes) })}</Alert>
        )}
        {form !== "hex" && !decoded.exact && <Alert color="orange">{t("notText")}</Alert>}
        {bytes === 0 ? (
          <Text size="sm" c="dimmed">
            {t("empty")}
          </Text>
        ) : (
          <>
            <FindBar
              wanted={wanted}
              onWanted={(value) => {
                setWanted(value);
                setAt(0);
              }}
              found={found}
              at={current}
              onMove={(by) => setAt(((current ?? 0) + by + found) % Math.max(found, 1))}
              bytes={form === "hex"}
            />
            <div className={classes.content} data-form={form}>
              {content.form === "json" && <JsonLines lines={content.lines} {...shown} />}
              {content.form === "text" && <TextLines lines={content.lines} {...shown} />}
              {content.form === "hex" && <DumpLines rows={content.rows} {...shown} />}
            </div>
          </>
        )}
      </Stack>
    </Section>
  );
}

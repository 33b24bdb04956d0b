"use client";
import { Alert, Button, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { CopyValue } from "../../../../../_ui/copy-value.tsx";
import { Section } from "../../../../../_ui/section.tsx";
import { useMeasures } from "../../../../../_ui/use-measures.ts";
import { bytesOf, decodeText, hexDump } from "./decode-payload.ts";
import { indentJson, looksLikeJson } from "./indent-json.ts";
import classes from "./payload-view.module.css";

interface Payload {
  id: string;
  base64: string;
  /** Of the whole payload; more than `base64` holds when it is cut. */
  bytes: number;
  contentType: string;
  downloadable: boolean;
}

type Form = "json" | "text" | "hex";

/** A payload as JSON, text or bytes; each exact, or it says that it is not. */
export function PayloadView({ id, base64, bytes, contentType, downloadable }: Payload) {
  const t = useTranslations("message");
  const { size } = useMeasures();
  const decoded = useMemo(() => decode(base64, bytes, contentType), [base64, bytes, contentType]);
  const [chosen, setChosen] = useState<Form | null>(null);
  const form = chosen ?? decoded.best;
  const content = useMemo(() => render(decoded, form), [decoded, form]);
  const forms: Form[] = decoded.json ? ["json", "text", "hex"] : ["text", "hex"];

  const aside = (
    <Group gap="xs">
      <SegmentedControl
        size="xs"
        aria-label={t("view")}
        value={form}
        onChange={(value) => setChosen(value)}
        data={forms.map((value) => ({ value, label: t(value) }))}
      />
      <CopyValue value={content} what={t("payload")} />
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

  return (
    <Section title={t("payload")} aside={aside}>
      <Stack gap="xs">
        {decoded.cut && (
          <Alert color="lake">{t("cut", { shown: size(decoded.raw.length), bytes: size(bytes) })}</Alert>
        )}
        {form !== "hex" && !decoded.exact && <Alert color="orange">{t("notText")}</Alert>}
        {bytes === 0 ? (
          <Text size="sm" c="dimmed">
            {t("empty")}
          </Text>
        ) : (
          <div className={classes.content} data-form={form}>
            {/* It scrolls, so it must be reachable by keyboard. */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <pre tabIndex={0}>{content}</pre>
          </div>
        )}
      </Stack>
    </Section>
  );
}

function decode(base64: string, bytes: number, contentType: string) {
  const raw = bytesOf(base64);
  const cut = raw.length < bytes;
  const { text, exact } = decodeText(raw, cut);
  const json = exact && looksLikeJson(text, contentType, cut);
  const best: Form = json ? "json" : exact ? "text" : "hex";
  return { raw, cut, text, exact, json, best };
}

function render(decoded: ReturnType<typeof decode>, form: Form): string {
  if (form === "hex") return hexDump(decoded.raw);
  return form === "json" ? indentJson(decoded.text) : decoded.text;
}

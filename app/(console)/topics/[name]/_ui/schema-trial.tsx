"use client";
import { Anchor, List, Loader, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { AppRouter } from "@/server/trpc/router.ts";
import { useTRPCClient } from "../../../../_trpc/client.ts";
import { ErrorText } from "../../../../_ui/error-text.tsx";

type Outcome = inferRouterOutputs<AppRouter>["topics"]["trySchema"];
type Faults = NonNullable<Outcome["example"]>["faults"];

export interface Trial {
  /** Null: not known yet. */
  outcome: Outcome | null;
  /** Why it is no schema, as far as known. */
  fault: string | null;
  /** It is being tried as it stands. */
  pending: boolean;
  error: unknown;
}

const TYPING_MS = 500;

/** Tries a schema once the typing rests. Nothing is written. */
export function useSchemaTrial(
  input: { topic: string; schema: string; example: string },
  enabled: boolean,
): Trial {
  const client = useTRPCClient();
  const [asked] = useDebouncedValue(input, TYPING_MS, { leading: true });
  const settled = asked.schema === input.schema && asked.example === input.example;
  const query = useQuery({
    queryKey: ["schema trial", asked],
    queryFn: () => client.topics.trySchema.mutate({ ...asked, example: asked.example.trim() || null }),
    enabled: enabled && settled,
    placeholderData: keepPreviousData,
    gcTime: 0,
    retry: false,
  });
  const isCurrent = settled && !query.isPlaceholderData;
  return {
    outcome: query.data ?? null,
    fault: isCurrent ? (query.data?.fault ?? null) : null,
    pending: !isCurrent || query.isFetching,
    error: query.error,
  };
}

/** What became of the schema, of the example and of the newest messages. */
export function SchemaTrial({ trial: { outcome, pending, error } }: { trial: Trial }) {
  const t = useTranslations("topics");
  return (
    <Stack gap={6} aria-live="polite" aria-busy={pending}>
      {pending && (
        <Text size="sm" c="dimmed">
          <Loader size={12} mr={6} aria-hidden /> {t("trying")}
        </Text>
      )}
      {error !== null && error !== undefined && (
        <Verdict good={false}>
          <ErrorText error={error} />
        </Verdict>
      )}
      {outcome !== null && <Outcomes outcome={outcome} />}
    </Stack>
  );
}

function Outcomes({ outcome: { fault, example, recent } }: { outcome: Outcome }) {
  const t = useTranslations("topics");
  return (
    <>
      <Verdict good={fault === null}>{fault === null ? t("compiles") : t("compilesNot", { fault })}</Verdict>
      {example !== null && (
        <Verdict good={example.faults.length === 0} name="example">
          {example.faults.length === 0 ? t("examplePasses") : t("exampleFails")}
          <FaultList faults={example.faults} />
        </Verdict>
      )}
      {recent === "masked" && <Verdict good={null}>{t("recentMasked")}</Verdict>}
      {recent !== null &&
        recent !== "masked" &&
        (recent.checked === 0 ? (
          <Verdict good={null}>{t("recentNone")}</Verdict>
        ) : (
          <Verdict good={recent.passed === recent.checked}>
            {t("recent", { passed: recent.passed, checked: recent.checked })}
            {recent.failing.length > 0 && (
              <List size="sm" mt={4}>
                {recent.failing.map(({ id, faults }) => (
                  <List.Item key={id}>
                    <Anchor
                      href={`/messages/${id}`}
                      target="_blank"
                      rel="noreferrer"
                      size="sm"
                      className="mono"
                    >
                      {id}
                    </Anchor>
                    <FaultList faults={faults} />
                  </List.Item>
                ))}
              </List>
            )}
          </Verdict>
        ))}
    </>
  );
}

function FaultList({ faults }: { faults: Faults }) {
  if (faults.length === 0) return null;
  return (
    <List size="xs" listStyleType="none" lang="en">
      {faults.map(({ path, message }) => (
        <List.Item key={`${path} ${message}`}>
          <code>{path}</code> {message}
        </List.Item>
      ))}
    </List>
  );
}

/** @param good null: neither */
function Verdict({ good, name, children }: { good: boolean | null; name?: string; children: ReactNode }) {
  const Mark = good === null ? IconInfoCircle : good ? IconCircleCheck : IconAlertTriangle;
  const tone = good === null ? "info" : good ? "ok" : "bad";
  return (
    <div style={{ display: "flex", gap: 8 }} data-trial={name}>
      <Mark size={18} aria-hidden style={{ flex: "none", marginTop: 1, color: `var(--tone-${tone}-ink)` }} />
      <Text size="sm" component="div">
        {children}
      </Text>
    </div>
  );
}

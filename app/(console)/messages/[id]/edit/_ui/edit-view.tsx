"use client";
import { Alert, Stack, Text } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC, useTRPCClient } from "../../../../../_trpc/client.ts";
import { PageHeader } from "../../../../../_ui/page-header.tsx";
import { QueryView } from "../../../../../_ui/query-view.tsx";
import { DetailSkeleton } from "../../../../_registry/_ui/list-skeleton.tsx";
import type { Message } from "../../_ui/message-type.ts";
import { EditForm } from "./edit-form.tsx";
import { VersionList } from "./version-list.tsx";

/** Sends a message with another payload: what it was, what becomes of it, whether that fits its topic, and who gets it. */
export function EditView({ id }: { id: string }) {
  const t = useTranslations("editMessage");
  const trpc = useTRPC();
  const message = useQuery(trpc.messages.read.queryOptions({ id }));
  return (
    <Stack>
      <PageHeader
        back={{ href: `/messages/${id}`, label: t("back") }}
        title={t("title")}
        description={<span className="mono">{id}</span>}
      />
      <QueryView query={message} skeleton={<DetailSkeleton />}>
        {(read) => <Versions message={read} />}
      </QueryView>
    </Stack>
  );
}

/** The version that the editor begins with, the newest unless another one is chosen. */
function Versions({ message }: { message: Message }) {
  const t = useTranslations("editMessage");
  const trpc = useTRPC();
  const client = useTRPCClient();
  const { id } = message;
  const versions = useQuery(trpc.messages.versions.queryOptions({ id }));
  const [chosen, setChosen] = useState<number | null>(null);
  const newest = versions.data?.at(-1)?.version ?? 1;
  const version = chosen ?? newest;
  const content = useQuery({
    // Not a query of the router's own: a look at a masked payload is written to the audit log, so it is made once.
    queryKey: ["message version", id, version],
    queryFn: () => client.messages.version.mutate({ id, version }),
    enabled: versions.data !== undefined,
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });
  return (
    <>
      {message.masked && (
        <Alert color="orange" role="note" icon={<IconLock aria-hidden />}>
          {t("masked")}
        </Alert>
      )}
      <QueryView query={versions} skeleton={<DetailSkeleton />}>
        {(all) => (
          <Stack>
            {all.length > 1 && <VersionList versions={all} chosen={version} choose={setChosen} />}
            <QueryView query={content} skeleton={<DetailSkeleton />}>
              {(base) => (
                <EditForm key={version} message={message} base={base} version={version} newest={newest} />
              )}
            </QueryView>
            <Text size="sm" c="dimmed">
              {t("kept")}
            </Text>
          </Stack>
        )}
      </QueryView>
    </>
  );
}

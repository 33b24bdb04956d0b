"use client";
import { useQuery } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { useState } from "react";
import type { AppRouter } from "@/server/trpc/router.ts";
import { useTRPCClient } from "../../../../../_trpc/client.ts";
import { QueryView } from "../../../../../_ui/query-view.tsx";
import { DetailSkeleton } from "../../../../_registry/_ui/list-skeleton.tsx";
import type { Message } from "../../_ui/message-type.ts";
import { EditForm } from "./edit-form.tsx";
import { VersionList } from "./version-list.tsx";

interface EditorProps {
  message: Message;
  /** At least one; those that come meanwhile change nothing in the editor. */
  versions: inferRouterOutputs<AppRouter>["messages"]["versions"];
}

/** The version that the editor begins with: the newest when the page opened, unless another one is chosen. */
export function VersionEditor({ message, versions }: EditorProps) {
  const client = useTRPCClient();
  const { id } = message;
  const newest = versions.at(-1)!.version;
  const [version, setVersion] = useState(newest);
  /** The newest that its author was told of: a later one is not overwritten unseen. */
  const [seen, setSeen] = useState(newest);
  const content = useQuery({
    // Not a query of the router's own: a look at a masked payload is written to the audit log, so it is made once.
    queryKey: ["message version", id, version],
    queryFn: () => client.messages.version.mutate({ id, version }),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });
  const choose = (wanted: number) => {
    setVersion(wanted);
    setSeen(newest);
  };
  return (
    <>
      {versions.length > 1 && <VersionList versions={versions} chosen={version} choose={choose} />}
      <QueryView query={content} skeleton={<DetailSkeleton />}>
        {(base) => (
          <EditForm
            key={version}
            message={message}
            base={base}
            newest={newest}
            seen={seen}
            onSeen={setSeen}
          />
        )}
      </QueryView>
    </>
  );
}

import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { headers } from "next/headers";
import { Suspense } from "react";
import { Hydrate } from "@/app/_trpc/server.tsx";
import { LoadingPage } from "@/app/_ui/loading-page.tsx";
import { MessageSkeleton } from "@/app/(console)/messages/[id]/_ui/message-skeleton.tsx";
import { MessageView } from "@/app/(console)/messages/[id]/_ui/message-view.tsx";
import { prefetchMessage } from "@/app/(console)/messages/[id]/prefetch-message.ts";

interface Props {
  params: Promise<{ id: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("message"))("title") };
}

/**
 * In a group of its own, outside of the list's loading state: that is sent, with the status 200, before it is known whether
 * there is such a message. Whoever asks for the document is answered 404 if there is none; whoever comes from another page
 * of the console sees the message's shape at once. Both get the same tree: when the page is rendered again in place (a
 * changed time zone), what is open in it stays open.
 */
export default async function MessagePage({ params }: Props) {
  const id = (await params).id.toLowerCase();
  if ((await headers()).get("sec-fetch-dest") !== "empty") await prefetchMessage(id);
  return (
    <Suspense
      fallback={
        <LoadingPage>
          <MessageSkeleton />
        </LoadingPage>
      }
    >
      <Content id={id} />
    </Suspense>
  );
}

async function Content({ id }: { id: string }) {
  await prefetchMessage(id);
  return (
    <Hydrate>
      <MessageView id={id} />
    </Hydrate>
  );
}

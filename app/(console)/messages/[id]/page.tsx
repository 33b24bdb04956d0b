import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Hydrate } from "../../../_trpc/server.tsx";
import { MessageView } from "./_ui/message-view.tsx";
import { prefetchMessage } from "./prefetch-message.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("message"))("title") };
}

export default async function MessagePage({ params }: { params: Promise<{ id: string }> }) {
  const id = (await params).id.toLowerCase();
  await prefetchMessage(id);
  return (
    <Hydrate>
      <MessageView id={id} />
    </Hydrate>
  );
}

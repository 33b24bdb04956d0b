import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Hydrate } from "@/app/_trpc/server.tsx";
import { EditView } from "@/app/(console)/messages/[id]/edit/_ui/edit-view.tsx";
import { prefetchMessage } from "@/app/(console)/messages/[id]/prefetch-message.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("editMessage"))("title") };
}

export default async function EditMessagePage({ params }: { params: Promise<{ id: string }> }) {
  const id = (await params).id.toLowerCase();
  await prefetchMessage(id);
  return (
    <Hydrate>
      <EditView id={id} />
    </Hydrate>
  );
}

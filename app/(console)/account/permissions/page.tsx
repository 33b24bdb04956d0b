import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PERMISSIONS, ROLES } from "@/server/auth/permissions.ts";
import { PermissionsView } from "./_ui/permissions-view.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("access"))("title") };
}

export default function PermissionsPage() {
  return <PermissionsView roles={ROLES} table={PERMISSIONS} />;
}

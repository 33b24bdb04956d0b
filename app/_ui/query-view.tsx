"use client";
import { Alert, Button, Group, VisuallyHidden } from "@mantine/core";
import { IconCloudOff, IconLock, IconMapQuestion } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { errorKind } from "./error-code.ts";
import { ErrorState } from "./error-state.tsx";
import { ErrorText } from "./error-text.tsx";
import { NoticeView } from "./notice-view.tsx";
import { useOperator } from "./operator-context.tsx";
import { roleKey } from "./role-key.ts";

interface View<Data> {
  query: Pick<
    UseQueryResult<Data, unknown>,
    "data" | "error" | "isError" | "isPending" | "errorUpdateCount" | "refetch"
  >;
  /** The shape of what comes, of the same height, so that nothing jumps. */
  skeleton: ReactNode;
  /** What to show instead of the data; null: the data is not empty. */
  empty?: (data: Data) => ReactNode;
  children: (data: Data) => ReactNode;
}

/**
 * One query with every state it can be in: loading, failed, forbidden, not found, empty, there. What was read before
 * stays on the page when reading it again fails, under a note that says so.
 */
export function QueryView<Data>({ query, skeleton, empty, children }: View<Data>) {
  const t = useTranslations("errors");
  // Each attempt of a query without data counts as pending again; what has failed is shown as failed until it succeeds.
  const failed = query.isError || (query.isPending && query.errorUpdateCount > 0);
  const retry = () => void query.refetch();
  if (query.data !== undefined)
    return (
      <>
        {failed && (
          <Alert color="orange" mb="md" icon={<IconCloudOff aria-hidden />} title={t("outdated")}>
            <Group gap="sm">
              <ErrorText error={query.error} />
              <Button size="compact-sm" variant="default" onClick={retry}>
                {t("retry")}
              </Button>
            </Group>
          </Alert>
        )}
        {empty?.(query.data) ?? children(query.data)}
      </>
    );
  if (!failed)
    return (
      <div aria-busy>
        <VisuallyHidden component="output">{t("loading")}</VisuallyHidden>
        {skeleton}
      </div>
    );
  const kind = errorKind(query.error);
  if (kind === "forbidden") return <Forbidden />;
  if (kind === "notFound")
    return (
      <NoticeView icon={IconMapQuestion} title={t("notFoundTitle")}>
        {t("notFoundText")}
      </NoticeView>
    );
  return <ErrorState error={query.error} retry={retry} />;
}

function Forbidden() {
  const t = useTranslations();
  const { username, role } = useOperator();
  return (
    <NoticeView icon={IconLock} title={t("errors.forbiddenTitle")}>
      {t("errors.forbiddenText", { name: username, role: t(`roles.${roleKey(role)}`) })}
    </NoticeView>
  );
}

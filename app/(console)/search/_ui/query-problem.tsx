"use client";
import { Alert, Button, Group, Stack } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import type { SearchProblem } from "@/server/domain/search-query.ts";
import { fixProblem } from "./fix-problem.ts";
import classes from "./query-problem.module.css";

interface Props {
  id: string;
  text: string;
  problem: SearchProblem;
  /** Takes the mended query. */
  fix: (text: string) => void;
}

/** Where a query cannot be understood, and what to do about it. */
export function QueryProblem({ id, text, problem, fix }: Props) {
  const t = useTranslations("search");
  const fixed = fixProblem(text, problem);
  const { at, length } = problem;
  const values = { value: problem.value === "" ? text.slice(at, at + length) : problem.value };
  return (
    <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} id={id} role="alert">
      <Stack gap={6}>
        <span>
          {t("problemAt", { at: at + 1 })} {t(`problem.${problem.code}`, values)}
        </span>
        {text.length <= 300 && (
          <code className={classes.query} aria-hidden>
            {text.slice(0, at)}
            <mark className={classes.mark}>{text.slice(at, at + length) || " "}</mark>
            {text.slice(at + length)}
          </code>
        )}
        {fixed !== null && (
          <Group>
            <Button size="compact-sm" variant="default" onClick={() => fix(fixed)} className={classes.fix}>
              {t("fix", { fixed })}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}

import { z } from "zod";
import {
  CONNECTION_START,
  DEFAULT_OUTBOX_TABLE,
  OUTBOX_FORMS,
  OUTBOX_KINDS,
  OUTBOX_LAYOUTS,
  type OutboxSourceSpec,
  TOPIC_PATTERN_LENGTH,
} from "../../domain/outbox-source.ts";
import { APP_NAME_RULES, brokenRules } from "../../domain/registry-rules.ts";

const orNull = <T extends z.ZodType>(form: T) => form.nullish().transform((value) => value ?? null);

/** A source as the topology file and the console declare it. */
export const outboxSourceForm = z
  .strictObject({
    name: z
      .string()
      .regex(
        OUTBOX_FORMS.name,
        "expected lower-case letters, digits, '.', '_' and '-', at most 64, beginning with a letter or digit",
      ),
    app: z
      .string()
      .refine((name) => brokenRules(APP_NAME_RULES, name).length === 0, "expected an app's name"),
    kind: z.enum(OUTBOX_KINDS),
    layout: z.enum(OUTBOX_LAYOUTS).default("surelay"),
    connection: z
      .string()
      .regex(
        OUTBOX_FORMS.connection,
        `expected the name of an environment variable beginning with ${CONNECTION_START}, such as ${CONNECTION_START}ORDERS; never the address itself`,
      ),
    table: z
      .string()
      .regex(OUTBOX_FORMS.table, "expected a table, or schema.table, of letters, digits and '_'")
      .default(DEFAULT_OUTBOX_TABLE),
    topicPattern: orNull(
      z
        .string()
        .max(TOPIC_PATTERN_LENGTH)
        .regex(OUTBOX_FORMS.topicPattern, "expected a topic's name in which ${routedByValue} may stand"),
    ),
    orderColumn: orNull(z.string().regex(OUTBOX_FORMS.column, "expected the name of a column")),
  })
  .superRefine((source, context) => {
    if (source.layout === "debezium") return;
    for (const field of ["topicPattern", "orderColumn"] as const)
      if (source[field] !== null)
        context.addIssue({ code: "custom", path: [field], message: "belongs to layout: debezium" });
  });

/** Of anything that holds a declaration, the declaration alone. */
export function specOf(source: OutboxSourceSpec): OutboxSourceSpec {
  const { name, app, kind, layout, connection, table, topicPattern, orderColumn } = source;
  return { name, app, kind, layout, connection, table, topicPattern, orderColumn };
}

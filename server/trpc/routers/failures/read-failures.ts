import { z } from "zod";
import { listGroups } from "../../../services/failures/list-groups.ts";
import { readGroup } from "../../../services/failures/read-group.ts";
import { allow } from "../../init.ts";

const span = z.enum(["hour", "day", "week"]);
const SECONDS = { hour: 3600, day: 86_400, week: 604_800 } as const;
export const groupIdInput = z.string().regex(/^\d{1,18}$/);

/** Groups that failed within a span, with how often they did; ignored ones are among them and say so. */
export const listFailures = allow("message.read")
  .input(
    z.strictObject({
      span,
      topic: z.string().max(249).nullable().default(null),
      subscription: z.string().max(64).nullable().default(null),
    }),
  )
  .query(({ ctx, input: { span, topic, subscription } }) =>
    listGroups(ctx.db, {
      topic,
      subscription,
      errorType: null,
      withinSeconds: SECONDS[span],
      withIgnored: true,
      chart: span,
    }),
  );

export const readFailure = allow("message.read")
  .input(z.strictObject({ id: groupIdInput, span }))
  .query(({ ctx, input }) => readGroup(ctx.db, input.id, input.span));

import { z } from "zod";
import { auditActor } from "../../../services/console/audit-origin.ts";
import { endSession, endSessions } from "../../../services/users/end-sessions.ts";
import { allowSignedIn } from "../../init.ts";

/** Ends one of one's own sessions. */
export const endOwnSession = allowSignedIn()
  .input(z.strictObject({ sessionId: z.string().min(1).max(100) }))
  .mutation(({ ctx, input }) =>
    endSession(ctx.db, {
      userId: ctx.operator.id,
      sessionId: input.sessionId,
      by: auditActor(ctx.operator, ctx.origin),
    }),
  );

/** Ends all of one's own sessions but the one that asks. */
export const endOtherSessions = allowSignedIn().mutation(({ ctx }) =>
  endSessions(ctx.db, {
    userId: ctx.operator.id,
    except: ctx.operator.sessionId,
    by: auditActor(ctx.operator, ctx.origin),
  }),
);

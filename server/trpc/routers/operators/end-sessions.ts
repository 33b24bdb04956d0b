import { z } from "zod";
import { auditActor } from "../../../services/console/audit-origin.ts";
import { endSession, endSessions } from "../../../services/users/end-sessions.ts";
import { allow } from "../../init.ts";
import { operatorChangeInput, operatorIdInput } from "./operator-input.ts";

export const endOperatorSession = allow("operator.manage")
  .input(z.strictObject({ id: operatorIdInput, sessionId: z.string().min(1).max(100) }))
  .mutation(({ ctx, input }) =>
    endSession(ctx.db, {
      userId: input.id,
      sessionId: input.sessionId,
      by: auditActor(ctx.operator, ctx.origin),
    }),
  );

export const endOperatorSessions = allow("operator.manage")
  .input(operatorChangeInput)
  .mutation(({ ctx, input }) =>
    endSessions(ctx.db, {
      userId: input.id,
      except: ctx.operator.sessionId,
      by: auditActor(ctx.operator, ctx.origin),
      reason: input.reason,
    }),
  );

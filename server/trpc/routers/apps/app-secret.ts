import { z } from "zod";
import { auditActor } from "../../../services/console/audit-origin.ts";
import { rotateSecret as rotate } from "../../../services/registry/rotate-secret.ts";
import { showSecret as show } from "../../../services/registry/show-secret.ts";
import { allow } from "../../init.ts";
import { requiredReason } from "../reason-input.ts";
import { appNameInput } from "./app-input.ts";

/** A mutation because each look writes to the audit log. */
export const showSecret = allow("app.secret")
  .input(z.strictObject({ name: appNameInput, reason: requiredReason }))
  .mutation(({ ctx, input: { name, reason } }) =>
    show(
      ctx.db,
      { app: name, master: ctx.outbound.master },
      { ...auditActor(ctx.operator, ctx.origin), reason },
    ),
  );

export const rotateSecret = allow("app.secret")
  .input(z.strictObject({ name: appNameInput, seen: z.int().min(1), reason: requiredReason }))
  .mutation(({ ctx, input: { name, seen, reason } }) =>
    rotate(
      ctx.db,
      { app: name, master: ctx.outbound.master, seen },
      { ...auditActor(ctx.operator, ctx.origin), reason },
    ),
  );

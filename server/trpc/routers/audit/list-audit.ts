import { z } from "zod";
import { listAudit as list } from "../../../services/audit/read-audit.ts";
import { allow } from "../../init.ts";
import { auditFilterInput, auditIdInput } from "./audit-filter.ts";

export const listAudit = allow("audit.read")
  .input(
    z.strictObject({
      filter: auditFilterInput,
      before: auditIdInput.nullable(),
      limit: z.int().min(1).max(200),
    }),
  )
  .query(({ ctx, input }) => list(ctx.db, input));

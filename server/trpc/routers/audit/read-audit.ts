import { z } from "zod";
import { readAudit as read, readAuditFacets as facets } from "../../../services/audit/read-audit.ts";
import { allow } from "../../init.ts";
import { auditIdInput } from "./audit-filter.ts";

export const readAudit = allow("audit.read")
  .input(z.strictObject({ id: auditIdInput }))
  .query(({ ctx, input }) => read(ctx.db, input.id));

export const readAuditFacets = allow("audit.read").query(({ ctx }) => facets(ctx.db));

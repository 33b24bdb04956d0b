import { readChanges as read } from "../../../services/overview/read-changes.ts";
import { allow } from "../../init.ts";

/** What changed lately; it quotes the audit log. */
export const readChanges = allow("audit.read").query(({ ctx }) => read(ctx.db));

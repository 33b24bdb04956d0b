import { readAccount as read } from "../../../services/users/read-account.ts";
import { allowSignedIn } from "../../init.ts";

/** One's own account and sessions. */
export const readAccount = allowSignedIn().query(({ ctx }) => read(ctx.db, ctx.operator.id));

import { readOverview as read } from "../../../services/overview/read-overview.ts";
import { allow } from "../../init.ts";

/** How everything stands now: problems, backlogs, ages, rates. */
export const readOverview = allow("message.read").query(({ ctx }) => read(ctx.db));

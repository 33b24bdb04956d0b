import { listFilterNames as list } from "../../../services/console/list-filter-names.ts";
import { allow } from "../../init.ts";

export const listFilterNames = allow("message.read").query(({ ctx }) => list(ctx.db));

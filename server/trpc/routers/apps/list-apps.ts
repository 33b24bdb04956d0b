import { listAppsForOperator } from "../../../services/registry/list-apps.ts";
import { allow } from "../../init.ts";

export const listApps = allow("registry.read").query(({ ctx }) => listAppsForOperator(ctx.db));

import { listApiKeys } from "../../../services/api-keys/list-api-keys.ts";
import { allow } from "../../init.ts";

export const listKeys = allow("registry.read").query(({ ctx }) => listApiKeys(ctx.db));

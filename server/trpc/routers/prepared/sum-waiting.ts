import { sumWaiting as sum } from "../../../services/check-back/sum-waiting.ts";
import { allow } from "../../init.ts";

export const sumWaiting = allow("message.read").query(({ ctx }) => sum(ctx.db));

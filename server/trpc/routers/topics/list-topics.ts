import { listTopicsForOperator } from "../../../services/console/list-topics.ts";
import { allow } from "../../init.ts";

export const listTopics = allow("message.read").query(({ ctx }) => listTopicsForOperator(ctx.db));

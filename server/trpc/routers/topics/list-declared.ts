import { listDeclaredTopics } from "../../../services/registry/list-topics.ts";
import { allow } from "../../init.ts";

/** Topics for their room; `topics.list` has the names alone, for filters. */
export const listDeclared = allow("registry.read").query(({ ctx }) => listDeclaredTopics(ctx.db));

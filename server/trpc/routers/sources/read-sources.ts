import { z } from "zod";
import { listSources as list } from "../../../services/outbox-sources/list-sources.ts";
import { readSource as read } from "../../../services/outbox-sources/read-source.ts";
import { allow } from "../../init.ts";
import { sourceNameInput } from "./source-input.ts";

export const listSources = allow("registry.read").query(({ ctx }) => list(ctx.db));

export const readSource = allow("registry.read")
  .input(z.strictObject({ name: sourceNameInput }))
  .query(({ ctx, input }) => read(ctx.db, input.name));

import { runProcess } from "../../workers/runtime/process.ts";
import { startCollect } from "../../workers/collect/start-collect.ts";
import { armedTable } from "./armed-table.ts";

/** The collector as it is, except that it can be told to end or freeze itself between two steps of a batch. */
await runProcess("collect", (ctx) => startCollect(ctx, armedTable));

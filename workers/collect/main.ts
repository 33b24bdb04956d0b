import { runProcess } from "../runtime/process.ts";
import { startCollect } from "./start-collect.ts";

await runProcess("collect", (ctx) => startCollect(ctx));

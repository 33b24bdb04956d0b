import { runProcess } from "../runtime/process.ts";
import { startRelay } from "./start-relay.ts";

await runProcess("relay", (ctx) => startRelay(ctx));

import { runProcess } from "../runtime/process.ts";
import { startNotify } from "./start-notify.ts";

await runProcess("notify", startNotify);

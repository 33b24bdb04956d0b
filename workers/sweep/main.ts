import { runProcess } from "../runtime/process.ts";
import { startSweep } from "./start-sweep.ts";

await runProcess("sweep", startSweep);

import { runProcess } from "../runtime/process.ts";
import { startRecover } from "./start-recover.ts";

await runProcess("recover", startRecover);

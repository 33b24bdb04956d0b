import { runProcess } from "../runtime/process.ts";
import { startApi } from "./start-api.ts";

await runProcess("api", startApi);

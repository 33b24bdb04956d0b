import { runProcess } from "../runtime/process.ts";
import { startAck } from "./start-ack.ts";

await runProcess("ack", startAck);

import { runProcess } from "../runtime/process.ts";
import { startConfirm } from "./start-confirm.ts";

await runProcess("confirm", startConfirm);

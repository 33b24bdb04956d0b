// A launcher with one service in the data folder named by the first argument; says the service's pid when it runs.
import { join } from "node:path";
import { endChild, spawnChild } from "../../../local/child.ts";
import { INSTANCE_MARK } from "../../../local/orphans.ts";
import { Supervisor } from "../../../local/supervisor.ts";

const dataDir = process.argv[2]!;
const supervisor = new Supervisor({ dataDir, say: () => undefined });
const logFile = join(dataDir, "service.log");
const { child } = await supervisor.start({
  name: "service",
  kind: "service",
  stage: 1,
  start: async (onSpawn) => {
    const env = { ...process.env, [INSTANCE_MARK]: dataDir };
    const script = join(import.meta.dirname, "note-its-end.mjs");
    const started = await spawnChild({
      command: process.execPath,
      args: [script, join(dataDir, "ended")],
      cwd: dataDir,
      env,
      logFile,
    });
    onSpawn(started);
    return { child: started, logFile, stop: async () => void (await endChild(started, "SIGTERM", 5000)) };
  },
});
console.log(child.pid);

import { lockFolder } from "../../local/instance-lock.ts";
import { INSTANCE_MARK } from "../../local/orphans.ts";
import { Supervisor } from "../../local/supervisor.ts";
import { readConfig } from "../../server/config/config.ts";
import { projectRoot } from "../../server/config/project-root.ts";
import { withdrawAddresses } from "../running-instance.ts";
import { openDataFolder } from "./data-folder.ts";
import { createProgress } from "./progress.ts";
import { type UpOptions, startAll } from "./start-all.ts";
import { untilAskedToStop } from "./stop-signals.ts";

/**
 * Starts everything on this machine, tells how to use it, and runs until a signal asks for the end; then stops in the
 * reverse order. Whatever goes wrong while starting stops what was started already.
 *
 * @throws OperatorError with a paragraph that says what to do
 */
export async function runUp(options: UpOptions): Promise<void> {
  const progress = createProgress();
  const config = readConfig(process.env);
  const root = projectRoot();
  const folder = openDataFolder(config.SURELAY_DATA_DIR, root);
  const lock = lockFolder(folder.path);
  // Inherited by everything started from here, downloads and builds included.
  process.env[INSTANCE_MARK] = folder.path;
  withdrawAddresses(folder.path);
  const supervisor = new Supervisor({ dataDir: folder.path, say: progress.say });
  const signals = untilAskedToStop(supervisor, progress);
  try {
    const starting = startAll({ options, config, root, folder, supervisor, progress }).then((text) =>
      console.log(text),
    );
    // A start that is broken off by a signal fails too; then the failure is of no interest.
    await Promise.race([starting.then(() => signals.asked), signals.asked]);
  } finally {
    await signals.inTime(supervisor.stop());
    withdrawAddresses(folder.path);
    lock.release();
  }
  progress.say("everything has stopped");
  // Starts that were broken off may still be waiting for something; nothing of theirs is left to wait for.
  process.exit(0);
}

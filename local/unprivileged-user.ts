import { execFileSync } from "node:child_process";
import { chmodSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, resolve } from "node:path";
import { OperatorError } from "../server/errors.ts";

export interface UserIds {
  uid: number;
  gid: number;
}

const CREATED_USER = "surelay";

/**
 * PostgreSQL refuses to run as root. As root it runs as the system's `postgres` user if there is one, else as a
 * system user `surelay` without shell and home, made on first use. Not `nobody`: other programs run as that too,
 * and could read the database's files.
 *
 * @returns undefined when we are not root and no other user is needed.
 * @throws OperatorError `no_unprivileged_user`
 */
export function unprivilegedUser(): UserIds | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const existing = idsOf("postgres") ?? idsOf(CREATED_USER);
  if (existing) return existing;
  for (const [command, ...args] of [
    ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", CREATED_USER],
    ["adduser", "-S", "-D", "-H", CREATED_USER], // busybox
  ] as const) {
    try {
      execFileSync(command, args, { stdio: "ignore" });
      const made = idsOf(CREATED_USER);
      if (made) return made;
    } catch {
      // the other command may exist
    }
  }
  throw new OperatorError(
    "no_unprivileged_user",
    `PostgreSQL refuses to run as root, and no system user could be made for it. Make one (\`useradd --system ${CREATED_USER}\`), run Surelay as an ordinary user, or set DATABASE_URL to a PostgreSQL of yours.`,
  );
}

/**
 * The first folder on the way to `path` that `user` may not pass, or null. `path` itself need not exist.
 */
export function blockedAt(path: string, user: UserIds): string | null {
  const above: string[] = [];
  for (let at = resolve(path); at !== dirname(at); at = dirname(at)) above.unshift(dirname(at));
  for (const folder of above) {
    const stat = statSync(folder, { throwIfNoEntry: false });
    if (!stat) return null;
    const bit = stat.uid === user.uid ? 0o100 : stat.gid === user.gid ? 0o010 : 0o001;
    if ((stat.mode & bit) === 0) return folder;
  }
  return null;
}

/** Lets other users pass through (not list) a folder of our own directly below the system's temporary folder. */
export function openTemporaryFolder(folder: string): void {
  if (dirname(folder) !== resolve(tmpdir())) return;
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat && stat.uid === process.getuid?.()) chmodSync(folder, (stat.mode & 0o777) | 0o011);
}

function idsOf(name: string): UserIds | null {
  try {
    const id = (flag: string) =>
      Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return null;
  }
}

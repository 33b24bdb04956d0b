import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { createFirstAdmin } from "../../server/auth/first-admin.ts";
import type { Pool } from "../../server/db.ts";
import type { DataFolder } from "./data-folder.ts";

const USERNAME = "admin";
const FILE = "first-admin.txt";

export interface FirstAdmin {
  username: string;
  /** Only when the account was made now. */
  password: string | null;
  /** The file that holds it; null if the operators were made otherwise. */
  file: string | null;
}

/**
 * Sees that there is an operator who can sign in. The password is written down before the account exists: after a
 * crash between the two, the next start makes the account with it.
 */
export async function ensureFirstAdmin(db: Pool, folder: DataFolder): Promise<FirstAdmin> {
  const kept = /^password: (.+)$/m.exec(folder.read(FILE) ?? "")?.[1];
  const password = kept ?? randomBytes(12).toString("base64url");
  const file = folder.pathOf(FILE);
  if (!kept) {
    folder.write(
      FILE,
      `user: ${USERNAME}\npassword: ${password}\n\nThe first operator's sign-in, as made at the first start. Change it there, then delete this file.\n`,
    );
  }
  const made = await createFirstAdmin(db, { username: USERNAME, password });
  if (!made && !kept) rmSync(file, { force: true }); // a database that has its operators already
  return { username: USERNAME, password: made ? password : null, file: made || kept ? file : null };
}

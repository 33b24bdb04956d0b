import type { Queryable } from "../db.ts";
import { type CheckSettings, NO_CHECK_SETTINGS } from "../domain/check-policy.ts";
import { CHECK_COLUMNS } from "./check-apps.ts";

export interface AppRow {
  id: number;
  name: string;
  checkUrl: string | null;
  checkAfterSeconds: number | null;
  /** How it is asked beside that. */
  check: CheckSettings;
  /** Who to call about it. */
  contact: string | null;
  createdAt: Date;
  updatedAt: Date;
}

/** What somebody declares of an app; without `check` it is asked as the defaults say. */
export type AppDeclaration = Pick<AppRow, "name" | "checkUrl" | "checkAfterSeconds" | "contact"> &
  Partial<Pick<AppRow, "check">>;

const COLUMNS = `id, name, check_url AS "checkUrl", check_after_seconds AS "checkAfterSeconds", ${CHECK_COLUMNS}, contact,
  created_at AS "createdAt", updated_at AS "updatedAt"`;

const DECLARED = [
  "check_url",
  "check_after_seconds",
  "contact",
  "check_factor",
  "check_max_delay_seconds",
  "check_max_attempts",
  "check_jitter",
  "check_timeout_seconds",
  "check_concurrency",
] as const;

/** $1 is the name, $2 to $10 are the columns above. */
function valuesOf({ name, checkUrl, checkAfterSeconds, contact, check = NO_CHECK_SETTINGS }: AppDeclaration) {
  const { factor, maxDelaySeconds, maxAttempts, jitter, timeoutSeconds, concurrency } = check;
  const policy = [factor, maxDelaySeconds, maxAttempts, jitter, timeoutSeconds, concurrency];
  return [name, checkUrl, checkAfterSeconds, contact, ...policy];
}

const INSERT = `INSERT INTO app (name, ${DECLARED.join(", ")}) VALUES ($1, ${DECLARED.map((_, i) => `$${i + 2}`).join(", ")})`;

export async function listApps(db: Queryable): Promise<AppRow[]> {
  return (await db.query<AppRow>(`SELECT ${COLUMNS} FROM app ORDER BY name`)).rows;
}

export async function findApp(db: Queryable, name: string): Promise<AppRow | null> {
  return (await db.query<AppRow>(`SELECT ${COLUMNS} FROM app WHERE name = $1`, [name])).rows[0] ?? null;
}

/** Declares an app or changes its declaration. */
export async function upsertApp(db: Queryable, app: AppDeclaration): Promise<AppRow> {
  const { rows } = await db.query<AppRow>(
    `${INSERT} ON CONFLICT (name) DO UPDATE
     SET ${DECLARED.map((column) => `${column} = excluded.${column}`).join(", ")}, updated_at = clock_timestamp()
     RETURNING ${COLUMNS}`,
    valuesOf(app),
  );
  return rows[0]!;
}

/** Declares a new app. @returns null: there is one of this name already */
export async function insertApp(db: Queryable, app: AppDeclaration): Promise<AppRow | null> {
  const { rows } = await db.query<AppRow>(
    `${INSERT} ON CONFLICT (name) DO NOTHING RETURNING ${COLUMNS}`,
    valuesOf(app),
  );
  return rows[0] ?? null;
}

/**
 * Changes an app that still is as `seen` read it. The new time differs from the old one even within its millisecond, so
 * that of two who saw the same one is refused.
 *
 * @param seen `updatedAt` of what the change was made from
 * @returns null: there is no such app, or somebody changed it meanwhile
 */
export async function changeApp(db: Queryable, app: AppDeclaration, seen: Date): Promise<AppRow | null> {
  const { rows } = await db.query<AppRow>(
    `UPDATE app SET ${DECLARED.map((column, i) => `${column} = $${i + 2}`).join(", ")},
            updated_at = greatest(clock_timestamp(), updated_at + interval '1 millisecond')
     WHERE name = $1 AND updated_at = $11 RETURNING ${COLUMNS}`,
    [...valuesOf(app), seen],
  );
  return rows[0] ?? null;
}

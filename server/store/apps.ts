import type { Queryable } from "../db.ts";

export interface AppRow {
  id: number;
  name: string;
  checkUrl: string | null;
  checkAfterSeconds: number | null;
  /** Who to call about it. */
  contact: string | null;
  createdAt: Date;
  updatedAt: Date;
}

/** What somebody declares of an app. */
export type AppDeclaration = Pick<AppRow, "name" | "checkUrl" | "checkAfterSeconds" | "contact">;

const COLUMNS = `id, name, check_url AS "checkUrl", check_after_seconds AS "checkAfterSeconds", contact,
  created_at AS "createdAt", updated_at AS "updatedAt"`;

export async function listApps(db: Queryable): Promise<AppRow[]> {
  return (await db.query<AppRow>(`SELECT ${COLUMNS} FROM app ORDER BY name`)).rows;
}

export async function findApp(db: Queryable, name: string): Promise<AppRow | null> {
  return (await db.query<AppRow>(`SELECT ${COLUMNS} FROM app WHERE name = $1`, [name])).rows[0] ?? null;
}

/** Declares an app or changes its declaration. */
export async function upsertApp(db: Queryable, app: AppDeclaration): Promise<AppRow> {
  const { rows } = await db.query<AppRow>(
    `INSERT INTO app (name, check_url, check_after_seconds, contact) VALUES ($1, $2, $3, $4)
     ON CONFLICT (name) DO UPDATE
     SET check_url = excluded.check_url, check_after_seconds = excluded.check_after_seconds, contact = excluded.contact,
         updated_at = clock_timestamp()
     RETURNING ${COLUMNS}`,
    [app.name, app.checkUrl, app.checkAfterSeconds, app.contact],
  );
  return rows[0]!;
}

/** Declares a new app. @returns null: there is one of this name already */
export async function insertApp(db: Queryable, app: AppDeclaration): Promise<AppRow | null> {
  const { rows } = await db.query<AppRow>(
    `INSERT INTO app (name, check_url, check_after_seconds, contact) VALUES ($1, $2, $3, $4)
     ON CONFLICT (name) DO NOTHING RETURNING ${COLUMNS}`,
    [app.name, app.checkUrl, app.checkAfterSeconds, app.contact],
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
    `UPDATE app SET check_url = $2, check_after_seconds = $3, contact = $4,
            updated_at = greatest(clock_timestamp(), updated_at + interval '1 millisecond')
     WHERE name = $1 AND updated_at = $5 RETURNING ${COLUMNS}`,
    [app.name, app.checkUrl, app.checkAfterSeconds, app.contact, seen],
  );
  return rows[0] ?? null;
}

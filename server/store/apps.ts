import type { Queryable } from "../db.ts";

export interface AppRow {
  id: number;
  name: string;
  checkUrl: string | null;
  checkAfterSeconds: number | null;
}

const COLUMNS = `id, name, check_url AS "checkUrl", check_after_seconds AS "checkAfterSeconds"`;

export async function listApps(db: Queryable): Promise<AppRow[]> {
  return (await db.query<AppRow>(`SELECT ${COLUMNS} FROM app ORDER BY name`)).rows;
}

export async function findApp(db: Queryable, name: string): Promise<AppRow | null> {
  return (await db.query<AppRow>(`SELECT ${COLUMNS} FROM app WHERE name = $1`, [name])).rows[0] ?? null;
}

/** Declares an app or changes its declaration. */
export async function upsertApp(db: Queryable, app: Omit<AppRow, "id">): Promise<AppRow> {
  const { rows } = await db.query<AppRow>(
    `INSERT INTO app (name, check_url, check_after_seconds) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE
     SET check_url = excluded.check_url, check_after_seconds = excluded.check_after_seconds, updated_at = now()
     RETURNING ${COLUMNS}`,
    [app.name, app.checkUrl, app.checkAfterSeconds],
  );
  return rows[0]!;
}

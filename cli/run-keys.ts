import { OperatorError } from "../server/errors.ts";
import { createApiKey } from "../server/services/api-keys/create-api-key.ts";
import { revokeApiKey } from "../server/services/api-keys/revoke-api-key.ts";
import { type ApiKeyRow, listApiKeys, type Scope } from "../server/store/api-keys.ts";
import { findApp, listApps } from "../server/store/apps.ts";
import type { Queryable } from "../server/db.ts";
import { formatTable } from "./print-table.ts";
import { withTarget } from "./target.ts";

export async function runCreateKey(options: {
  app: string;
  scope: Scope[];
  note?: string;
  rate?: number;
  json?: boolean;
}): Promise<void> {
  const { app, scope: scopes } = options;
  const made = await withTarget(({ pool, actorName }) =>
    createApiKey(pool, {
      app,
      scopes,
      note: options.note ?? null,
      ratePerSecond: options.rate ?? null,
      createdBy: actorName,
    }),
  );
  if (options.json) return console.log(JSON.stringify({ id: made.id, key: made.key, app, scopes }));
  console.error(`Key ${made.id} of app ${app}, scope ${scopes.join(",")}. It is shown this once:`);
  console.log(made.key);
}

export async function runListKeys(options: { app?: string; json?: boolean }): Promise<void> {
  const keys = await withTarget(async ({ pool }) =>
    listApiKeys(pool, options.app === undefined ? null : await appIdOf(pool, options.app)),
  );
  if (options.json) return keys.forEach((key) => console.log(JSON.stringify(key)));
  if (keys.length === 0) return console.error("There are no keys yet: `surelay keys create` makes one.");
  const heading = ["ID", "APP", "SCOPES", "RATE", "CREATED", "BY", "LAST USED", "REVOKED", "NOTE"];
  console.log(formatTable([heading, ...keys.map(rowOf)]));
}

export async function runRevokeKey(given: string): Promise<void> {
  const id = idIn(given);
  const revoked = await withTarget(({ pool, actorName }) => revokeApiKey(pool, { id, revokedBy: actorName }));
  console.error(revoked ? `Key ${id} is revoked.` : `Key ${id} was revoked before.`);
}

/** Whoever has the key at hand rather than its id means the same. */
function idIn(given: string): string {
  return /^slk_([^_]+)_/.exec(given)?.[1] ?? given;
}

async function appIdOf(db: Queryable, name: string): Promise<number> {
  const app = await findApp(db, name);
  if (app) return app.id;
  const names = (await listApps(db)).map((known) => known.name).join(", ");
  throw new OperatorError("no_such_app", `There is no app "${name}"; there are ${names || "none yet"}.`);
}

function rowOf(key: ApiKeyRow): string[] {
  return [
    key.id,
    key.app,
    key.scopes.join(","),
    key.ratePerSecond === null ? "default" : `${key.ratePerSecond}/s`,
    minuteOf(key.createdAt),
    key.createdBy ?? "",
    minuteOf(key.lastUsedAt),
    minuteOf(key.revokedAt),
    key.note ?? "",
  ];
}

function minuteOf(time: Date | null): string {
  return time === null ? "" : `${time.toISOString().slice(0, 16).replace("T", " ")}Z`;
}

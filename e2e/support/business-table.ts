import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { newMessageId } from "../../server/domain/message-id.ts";
import type { Stack } from "./stack.ts";

const DDL = join(import.meta.dirname, "../../sdk/producer/sql/outbox.postgresql.sql");

/** The local message table of a business system: as the SDK ships it, under a name of its own. */
export class BusinessTable {
  readonly name: string;
  readonly #url: string;

  constructor(stack: Stack) {
    this.name = `outbox_${randomUUID().slice(0, 8)}`;
    this.#url = stack.businessUrl;
  }

  async create(): Promise<void> {
    const [table] = readFileSync(DDL, "utf8").split("CREATE FUNCTION");
    await this.#run(table!.replace("CREATE TABLE surelay_outbox", `CREATE TABLE ${this.name}`));
  }

  /** Rows as a transaction of the business leaves them. @returns the ids of their messages */
  async enqueue(rows: readonly { topic: string; key?: string }[]): Promise<string[]> {
    const ids = rows.map(() => newMessageId());
    for (const [n, { topic, key }] of rows.entries())
      await this.#run(
        `INSERT INTO ${this.name} (id, topic, message_key, payload, content_type)
         VALUES ($1, $2, $3, convert_to('{"order": 1}', 'UTF8'), 'application/json')`,
        [ids[n], topic, key ?? null],
      );
    return ids;
  }

  async count(): Promise<number> {
    const [row] = await this.#run(`SELECT count(*)::int AS n FROM ${this.name}`);
    return row!.n as number;
  }

  async #run(text: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.#url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text, values)).rows;
    } finally {
      await client.end();
    }
  }
}

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import pg from "pg";
import { pgDatabase } from "surelay-consumer/pg";
import { verify } from "surelay-consumer/webhook";
import { fateOf, isDeadly } from "./fate.ts";

// Receives a webhook, until it is killed.

const env = process.env as unknown as Record<"PORT" | "SECRET" | "BUSINESS_URL", string>;

process.on("disconnect", () => process.exit(1)); // the run is over
process.once("SIGTERM", () => process.exit(0));
const pool = new pg.Pool({
  connectionString: env.BUSINESS_URL,
  max: 10,
  options: "-c idle_in_transaction_session_timeout=4000",
});
pool.on("error", () => undefined);
pool.on("connect", (client) => client.on("error", () => undefined));
const database = pgDatabase(pool);

createServer((request, response) => {
  receive(request, response).catch(() => response.writeHead(500).end());
}).listen(Number(env.PORT), "127.0.0.1");

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const verdict = verify(request.headers, await buffer(request), env.SECRET);
  if (!verdict.ok) return void response.writeHead(401).end();
  const { messageId, subscription, attempt } = verdict.delivery;
  const fate = fateOf(messageId, subscription);
  if (isDeadly(fate)) return void response.writeHead(500).end();
  if (fate === "fails first" && attempt === 1)
    return void response.writeHead(429, { "retry-after": "1" }).end();
  await database.transaction(async (tx) => {
    const { rowCount } = await tx.query("INSERT INTO taken VALUES ($1) ON CONFLICT DO NOTHING", [messageId]);
    if (rowCount === 1)
      await tx.query("INSERT INTO effect (message_id, subscription, attempt) VALUES ($1, $2, $3)", [
        messageId,
        subscription,
        attempt,
      ]);
  });
  response.writeHead(204).end();
}

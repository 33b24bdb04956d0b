import { createServer } from "node:http";
import pg from "pg";

/**
 * What one would write first: an INSERT per prepare, an UPDATE per confirm, one table, no checks, no keys. Its statements
 * are prepared and its pool is as large as serves it best.
 */
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL!, max: 16 });
await pool.query(`CREATE TABLE IF NOT EXISTS plain_message (
  id uuid PRIMARY KEY, topic text NOT NULL, key text, business_key text, payload jsonb NOT NULL, state text NOT NULL)`);

interface Body {
  id: string;
  topic: string;
  key: string;
  businessKey: string;
  payload: unknown;
}

async function answer(path: string, body: string): Promise<[status: number, body: string]> {
  if (path === "/healthz") return [200, "{}"];
  const confirmed = /^\/v1\/messages\/([^/]+)\/confirm$/.exec(path);
  if (confirmed) {
    const id = confirmed[1]!;
    await pool.query({
      name: "confirm",
      text: "UPDATE plain_message SET state = 'READY' WHERE id = $1 AND state = 'PREPARED'",
      values: [id],
    });
    return [200, JSON.stringify({ id, state: "READY" })];
  }
  const message = JSON.parse(body) as Body;
  await pool.query({
    name: "prepare",
    text: "INSERT INTO plain_message VALUES ($1, $2, $3, $4, $5, 'PREPARED') ON CONFLICT DO NOTHING",
    values: [message.id, message.topic, message.key, message.businessKey, JSON.stringify(message.payload)],
  });
  return [201, JSON.stringify({ id: message.id, state: "PREPARED" })];
}

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks).toString();
    void (async () => {
      const [status, text] = await answer(request.url!, body);
      response.writeHead(status, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(text),
      });
      response.end(text);
    })();
  });
}).listen(Number(process.env.SURELAY_API_PORT), "127.0.0.1");
process.once("SIGTERM", () => process.exit(0));

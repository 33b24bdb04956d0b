import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { verify } from "surelay-consumer/webhook";
import { openDatabase } from "../shared/database.ts";
import { Journal, say, stopSignal } from "../shared/service.ts";
import { noticesDatabase, numberSetting, readSettings } from "../shared/settings.ts";
import { mishapAt } from "./mishaps.ts";
import { NOTICE_TABLES } from "./tables.ts";
import { tellCustomers } from "./tell-customer.ts";

// Knows nothing of Kafka: Surelay calls it. 2xx says that it is done; after anything else it is called again.

const settings = readSettings("SHOP_DATABASE_URL", "SHOP_NOTICES_SECRET");
const port = numberSetting("SHOP_NOTICES_PORT", 9002);
const stop = stopSignal();
const journal = new Journal("notices");
const trouble = (error: unknown) => journal.trouble(error);
const pool = await openDatabase(settings.SHOP_DATABASE_URL, noticesDatabase(), NOTICE_TABLES, stop, trouble);
const tell = tellCustomers(pool);
const startedAt = performance.now();

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    journal.trouble(error);
    reply(response, 503, { error: "not now" });
  });
}).listen(port, "127.0.0.1");

say("notices", "started");
if (!stop.aborted) await new Promise((resolve) => stop.addEventListener("abort", resolve));
server.close();
server.closeIdleConnections();
journal.end();
process.exit(0);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "POST" || request.url !== "/shipped")
    return reply(response, 404, { error: "not here" });
  const body = await buffer(request);
  const verdict = verify(request.headers, body, settings.SHOP_NOTICES_SECRET);
  if (!verdict.ok) return reply(response, 401, { error: verdict.fault });
  const mishap = mishapAt((performance.now() - startedAt) / 1000, Math.random());
  if (mishap) {
    journal.count(`answered ${mishap.status}`);
    if (mishap.retryAfterSeconds) response.setHeader("retry-after", mishap.retryAfterSeconds);
    return reply(response, mishap.status, { error: mishap.error });
  }
  journal.count(await tell(verdict.delivery));
  reply(response, 204);
}

function reply(response: ServerResponse, status: number, body?: { error: string }): void {
  response
    .writeHead(status, body && { "content-type": "application/json" })
    .end(body && JSON.stringify(body));
}

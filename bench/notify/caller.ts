import { parseAllowedHosts } from "../../server/outbound/allowed-hosts.ts";
import { createGuardedAgents } from "../../server/outbound/guarded-agent.ts";
import { callWebhook } from "../../server/services/webhooks/call-webhook.ts";

/**
 * The same calls, signed alike, without a store: what calling alone comes to. BENCH_URL, BENCH_CALLS and BENCH_CONCURRENCY
 * say what; prints seconds.
 */
const agents = createGuardedAgents(parseAllowedHosts(["127.0.0.1"]));
const url = process.env.BENCH_URL!;
const secrets = [`whsec_${Buffer.alloc(32, 7).toString("base64")}`];
const payload = Buffer.from(JSON.stringify({ text: "p".repeat(289) }));
const message = {
  id: "0193a000-0000-7000-8000-000000000000",
  type: null,
  businessKey: "order-1",
  storedAt: new Date(0),
  contentType: "application/json",
  headers: null,
  traceparent: null,
};
let left = Number(process.env.BENCH_CALLS);
const started = performance.now();
const call = async () => {
  while (left-- > 0)
    await callWebhook(agents, {
      url,
      message,
      payload,
      secrets,
      app: "orders",
      topic: "orders.created",
      subscription: "partner-1",
      attempt: 1,
      timeoutMs: 5000,
    });
};
await Promise.all(Array.from({ length: Number(process.env.BENCH_CONCURRENCY) }, call));
console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000 }));
agents.close();

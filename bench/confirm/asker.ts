import { parseAllowedHosts } from "../../server/outbound/allowed-hosts.ts";
import { createGuardedAgents } from "../../server/outbound/guarded-agent.ts";
import { askProducer } from "../../server/services/check-back/ask-producer.ts";

/**
 * The same questions, signed and read alike, without a store: what asking alone comes to. BENCH_URL, BENCH_CHECKS and
 * BENCH_CONCURRENCY say what; prints seconds.
 */
const agents = createGuardedAgents(parseAllowedHosts(["127.0.0.1"]));
const url = process.env.BENCH_URL!;
const secrets = [`whsec_${Buffer.alloc(32, 7).toString("base64")}`];
let left = Number(process.env.BENCH_CHECKS);
const started = performance.now();
const ask = async () => {
  while (left-- > 0)
    await askProducer(agents, {
      url,
      request: {
        messageId: "0193a000-0000-7000-8000-000000000000",
        businessKey: "order-1",
        topic: "orders.created",
        type: null,
        preparedAt: "2030-01-01T00:00:00.000Z",
        attempt: 1,
      },
      secrets,
      timeoutMs: 5000,
    });
};
await Promise.all(Array.from({ length: Number(process.env.BENCH_CONCURRENCY) }, ask));
console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000, cpu: process.cpuUsage() }));
agents.close();

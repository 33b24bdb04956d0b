import { runProcess } from "../../workers/runtime/process.ts";
import { relayKafkaOf, startRelay } from "../../workers/relay/start-relay.ts";
import { armedKafka } from "./armed-kafka.ts";

/**
 * A relay that does not look for markers when it takes a lane: what it would be if progress were kept in the database
 * alone. It doubles messages, and shows that the checker sees it.
 */
await runProcess("relay", (ctx) => {
  const kafka = relayKafkaOf(ctx);
  return startRelay(ctx, armedKafka({ ...kafka, readCommitted: () => Promise.resolve([]) }));
});

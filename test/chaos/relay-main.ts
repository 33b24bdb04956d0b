import { runProcess } from "../../workers/runtime/process.ts";
import { relayKafkaOf, startRelay } from "../../workers/relay/start-relay.ts";
import { armedKafka } from "./armed-kafka.ts";

/** The relay as it is, except that it can be told to end or stop itself between two steps of a transaction. */
await runProcess("relay", (ctx) => startRelay(ctx, armedKafka(relayKafkaOf(ctx))));

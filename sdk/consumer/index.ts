// What the package `surelay-consumer` offers.
export type { AckByApi } from "./ack-by-api.ts";
export type { AckByTopic } from "./ack-by-topic.ts";
export { type Consumer, createConsumer } from "./consumer.ts";
export type { Database, Dialect } from "../database/database.ts";
export { RejectMessage, RetryMessage } from "./handler-errors.ts";
export type { ReceivedMessage } from "./message.ts";
export type { ConsumerOptions } from "./options.ts";
export { pruneInbox, type PruneInboxOptions } from "./prune-inbox.ts";
export { longestRetryWindow, type RetryPolicy, type SubscriptionPolicy } from "./retry-policy.ts";
export type { Handler, HandlerContext } from "./run-handler.ts";
export { SurelayError, type SurelayErrorCode } from "../client/surelay-error.ts";
export type { Trouble, TroubleKind } from "./trouble.ts";

// What the package `surelay-producer` offers.
export { checkHandler, type CheckHandler } from "./check-handler.ts";
export type { CheckOptions } from "./answer-check-back.ts";
export { enterBarrier, pruneBarrier, type PruneOptions } from "./barrier.ts";
export type { Database, Dialect } from "../database/database.ts";
export type { Envelope, Message, MessageOf, MessageResult } from "./message.ts";
export { newMessageId } from "../client/new-message-id.ts";
export { type BatchEntry, Producer, type ProducerOptions } from "./producer.ts";
export { SurelayError, type SurelayErrorCode } from "../client/surelay-error.ts";
export { withTraceparent } from "../client/trace-context.ts";
export type { Transact } from "./transact.ts";

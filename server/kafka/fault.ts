import { DeadlinePassed } from "../deadline.ts";

/**
 * What an answer or a failure of the broker means to a relay.
 *
 * - `retry`: nothing is known to be wrong with the record or the topic; the producer is abandoned and the lane taken again.
 * - `fenced`: a producer with the same transactional id was opened after this one; the lane may have another owner.
 * - `topic_missing`, `not_permitted`: this topic cannot be written, others can.
 * - `record_refused`: the broker will never take this record, however often it is tried.
 */
export type FaultKind = "retry" | "fenced" | "topic_missing" | "not_permitted" | "record_refused";

export interface FaultPlace {
  topic?: string;
  partition?: number;
  /** Which records of the refused batch are at fault, where the broker says so. */
  records?: { index: number; reason: string }[];
}

/** A broker's refusal, a lost connection or a deadline of ours that passed, classified once and for all. */
export class KafkaFault extends Error {
  readonly kind: FaultKind;
  /** The broker's name of the error, or one of ours: `LOCAL_TIMEOUT`, `NOT_COVERED`, `CONNECTION`. */
  readonly code: string;
  readonly place: FaultPlace;

  constructor(
    kind: FaultKind,
    code: string,
    detail: string,
    options: { place?: FaultPlace; cause?: unknown } = {},
  ) {
    super(`${code}: ${detail}`, { cause: options.cause });
    this.name = "KafkaFault";
    this.kind = kind;
    this.code = code;
    this.place = options.place ?? {};
  }
}

interface ErrorCode {
  name: string;
  kind: FaultKind;
}

const named = (kind: FaultKind, codes: Record<number, string>): [number, ErrorCode][] =>
  Object.entries(codes).map(([code, name]) => [Number(code), { name, kind }]);

/**
 * The protocol's error codes that a producer can meet (kafka.apache.org/protocol, "Error Codes"). UNKNOWN_TOPIC_OR_PARTITION
 * is `retry` here: a broker that a partition has just left says so too. Only metadata decides that a topic is missing.
 */
const CODES = new Map<number, ErrorCode>([
  ...named("record_refused", {
    10: "MESSAGE_TOO_LARGE",
    18: "RECORD_LIST_TOO_LARGE",
    32: "INVALID_TIMESTAMP",
    43: "UNSUPPORTED_FOR_MESSAGE_FORMAT",
    87: "INVALID_RECORD",
  }),
  ...named("not_permitted", { 29: "TOPIC_AUTHORIZATION_FAILED" }),
  ...named("fenced", { 47: "INVALID_PRODUCER_EPOCH", 90: "PRODUCER_FENCED" }),
  ...named("retry", {
    [-1]: "UNKNOWN_SERVER_ERROR",
    1: "OFFSET_OUT_OF_RANGE",
    2: "CORRUPT_MESSAGE",
    3: "UNKNOWN_TOPIC_OR_PARTITION",
    5: "LEADER_NOT_AVAILABLE",
    6: "NOT_LEADER_OR_FOLLOWER",
    7: "REQUEST_TIMED_OUT",
    13: "NETWORK_EXCEPTION",
    14: "COORDINATOR_LOAD_IN_PROGRESS",
    15: "COORDINATOR_NOT_AVAILABLE",
    16: "NOT_COORDINATOR",
    17: "INVALID_TOPIC_EXCEPTION",
    19: "NOT_ENOUGH_REPLICAS",
    20: "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
    30: "GROUP_AUTHORIZATION_FAILED",
    31: "CLUSTER_AUTHORIZATION_FAILED",
    35: "UNSUPPORTED_VERSION",
    44: "POLICY_VIOLATION",
    45: "OUT_OF_ORDER_SEQUENCE_NUMBER",
    46: "DUPLICATE_SEQUENCE_NUMBER",
    48: "INVALID_TXN_STATE",
    49: "INVALID_PRODUCER_ID_MAPPING",
    51: "CONCURRENT_TRANSACTIONS",
    52: "TRANSACTION_COORDINATOR_FENCED",
    53: "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
    55: "OPERATION_NOT_ATTEMPTED",
    56: "KAFKA_STORAGE_ERROR",
    59: "UNKNOWN_PRODUCER_ID",
    74: "FENCED_LEADER_EPOCH",
    100: "UNKNOWN_TOPIC_ID",
    120: "TRANSACTION_ABORTABLE",
  }),
]);

/** The protocol's name and meaning of an error code other than 0; an unknown one is tried again. */
export function errorOfCode(code: number): ErrorCode {
  return CODES.get(code) ?? { name: `ERROR_${code}`, kind: "retry" };
}

/** The fault that a broker's answer stands for. @param code not 0 */
export function faultOfCode(code: number, detail: string, place?: FaultPlace): KafkaFault {
  const error = errorOfCode(code);
  return new KafkaFault(error.kind, error.name, detail, { place });
}

/** Whatever the client threw, as a fault: its protocol errors by their code, everything else (connections) as `retry`. */
export function faultOf(error: unknown, detail: string): KafkaFault {
  if (error instanceof KafkaFault) return error;
  if (error instanceof DeadlinePassed)
    return new KafkaFault("retry", "LOCAL_TIMEOUT", error.message, { cause: error });
  const source = (error as { cause?: { code?: unknown } } | null)?.cause;
  for (const candidate of [error, source] as ({ code?: unknown; type?: unknown } | null | undefined)[]) {
    if (typeof candidate?.code === "number" && typeof candidate.type === "string") {
      const known = errorOfCode(candidate.code);
      return new KafkaFault(known.kind, known.name, detail, { cause: error });
    }
  }
  const text = error instanceof Error ? error.message : String(error);
  return new KafkaFault("retry", "CONNECTION", `${detail}: ${text}`, { cause: error });
}

import type { Config } from "../../config/config.ts";

/** What one message, one call and the queue may measure. Bytes are those of UTF-8. */
export interface IntakeLimits {
  payloadBytes: number;
  headers: number;
  headerBytes: number;
  keyBytes: number;
  batchItems: number;
  idPastSeconds: number;
  idFutureSeconds: number;
  /** Used when neither the call nor the app names a time. */
  checkAfterSeconds: number;
  /** Largest request body of a single message. */
  bodyBytes: number;
  /** Largest request body of a batch. Below 500 times the largest message, so that one call cannot fill the memory. */
  batchBodyBytes: number;
}

const MIB = 1024 * 1024;

export function intakeLimits(config: Config): IntakeLimits {
  const payloadBytes = config.SURELAY_MAX_PAYLOAD_BYTES;
  // Base64 takes a third more, and text written as \uXXXX six times as much as one byte of UTF-8.
  const bodyBytes =
    Math.ceil((payloadBytes * 4) / 3) +
    6 * (config.SURELAY_MAX_HEADER_BYTES + 2 * config.SURELAY_MAX_KEY_BYTES) +
    64 * 1024;
  return {
    payloadBytes,
    headers: config.SURELAY_MAX_HEADERS,
    headerBytes: config.SURELAY_MAX_HEADER_BYTES,
    keyBytes: config.SURELAY_MAX_KEY_BYTES,
    batchItems: config.SURELAY_MAX_BATCH,
    idPastSeconds: config.SURELAY_ID_PAST_SECONDS,
    idFutureSeconds: config.SURELAY_ID_FUTURE_SECONDS,
    checkAfterSeconds: config.SURELAY_CHECK_AFTER_SECONDS,
    bodyBytes,
    batchBodyBytes: Math.max(bodyBytes, 16 * MIB),
  };
}

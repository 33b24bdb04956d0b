import { setTimeout as pause } from "node:timers/promises";
import { BatchQueue } from "../client/batch-queue.ts";
import { SurelayError } from "../client/surelay-error.ts";
import type { ErrorDescription } from "./describe-error.ts";
import type { OnTrouble } from "./trouble.ts";

/** What the service is told of a message: an item of `POST /v1/acks`, or a record of the topic `surelay.acks`. */
export interface Acknowledgement {
  messageId: string;
  subscription: string;
  outcome: "acked" | "retry" | "rejected";
  attempt: number;
  error?: ErrorDescription;
  retryAfterSeconds?: number;
}

/** Items as they travel. */
export interface WireAck {
  messageId: string;
  json: string;
}

/** One way to the service. */
export interface AckCarrier {
  /** Calls at once. */
  maxInFlight: number;
  /** One attempt of one call. @returns `true`, or an error, per item in their order @throws SurelayError */
  carry(items: readonly WireAck[], timeoutMs: number): Promise<readonly (true | SurelayError)[]>;
  close(): Promise<void>;
}

const MAX_BATCH_BYTES = 768 * 1024;
const ATTEMPT_TIMEOUT_MS = 10_000;
/** Between tries of what the service refuses: somebody has to mend a key or declare the subscription. */
const REFUSED_PAUSE_MS = 5000;
/** There is nothing to mend: the message is unknown, was never sent, or the item is none. */
const NOT_TAKEN = new Set<string>(["not_found", "not_delivered", "validation_failed", "payload_too_large"]);

/**
 * Hands acknowledgements over: what comes up while calls are answered travels together. `tell` resolves when the service
 * has it for good, however long that takes; until then the record's offset is not committed, so a process that dies
 * meanwhile reads the record again, finds it in the inbox, and tells again.
 */
export class AckSender {
  readonly #carrier: AckCarrier;
  readonly #queue: BatchQueue<WireAck, true>;
  readonly #onTrouble: OnTrouble;
  readonly #closing = new AbortController();

  constructor(carrier: AckCarrier, onTrouble: OnTrouble) {
    this.#carrier = carrier;
    this.#onTrouble = onTrouble;
    this.#queue = new BatchQueue<WireAck, true>({
      maxItems: 500,
      maxBytes: MAX_BATCH_BYTES,
      maxQueued: Infinity,
      maxInFlight: carrier.maxInFlight,
      attemptTimeoutMs: ATTEMPT_TIMEOUT_MS,
      bytesOf: (ack) => ack.json.length * 2,
      call: (acks, ms) => this.#call(acks, ms),
    });
  }

  /** @returns whether it was handed over; false: the sender was closed before */
  async tell(acknowledgement: Acknowledgement): Promise<boolean> {
    const { messageId } = acknowledgement;
    const ack = { messageId, json: JSON.stringify(acknowledgement) };
    for (;;) {
      const error = await this.#queue.add(ack, Infinity).catch((error: SurelayError) => error);
      if (error === true) return true;
      if (this.#closing.signal.aborted) return false;
      if (NOT_TAKEN.has(error.code)) {
        this.#onTrouble({ kind: "not_taken", error, messageId });
        return true;
      }
      this.#onTrouble({ kind: "acknowledgement", error, messageId });
      await pause(REFUSED_PAUSE_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#queue.close();
    await this.#carrier.close();
  }

  async #call(acks: readonly WireAck[], timeoutMs: number): Promise<readonly (true | SurelayError)[]> {
    try {
      return await this.#carrier.carry(acks, timeoutMs);
    } catch (thrown) {
      const error =
        thrown instanceof SurelayError
          ? thrown
          : new SurelayError("unreachable", String((thrown as Error).message ?? thrown), { cause: thrown });
      if (error.retryable) this.#onTrouble({ kind: "acknowledgement", error });
      throw error;
    }
  }
}

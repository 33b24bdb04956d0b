import { Counter, Histogram, type Registry } from "prom-client";
import type { Config } from "../../config/config.ts";
import type { Pool } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { Ack } from "../../store/ack-deliveries.ts";
import { Coalescer } from "../intake/coalescer.ts";
import { QueueLimit } from "../intake/queue-limit.ts";
import { runFlush } from "../intake/run-flush.ts";
import { ackFlush, type Acked, pairOf } from "./ack-flush.ts";
import { isRefused, type ParsedAck, type RefusedAck } from "./parse-acks.ts";

export interface AcksOptions {
  config: Config;
  /** With pinned plans (`hot`). */
  pool: Pool;
  metrics: Registry;
  log: Log;
}

/** The answer to an item: what stands, or why nothing changed. */
export type AckAnswer =
  | ({ messageId: string; subscription: string } & Acked)
  | { messageId?: string | undefined; subscription?: string | undefined; error: SurelayError };

/** Beyond the error's text: what a waiting ack costs in memory. */
const ITEM_OVERHEAD = 512;
const FLUSH_BYTES = 4 * 1024 * 1024;
const EXPIRE_EVERY_MS = 50;

/** Takes acks of concurrent callers, coalesces them into flushes as intake does messages, and answers after the commit. */
export class Acks {
  readonly #queue: Coalescer<Ack, Acked>;
  readonly #results: AckMetrics;
  readonly #timer: NodeJS.Timeout;

  constructor({ config, pool, metrics, log }: AcksOptions) {
    this.#results = createAckMetrics(metrics);
    this.#queue = new Coalescer<Ack, Acked>({
      name: "ack",
      limit: new QueueLimit(config.SURELAY_INTAKE_QUEUE, config.SURELAY_INTAKE_QUEUE_BYTES),
      maxItems: config.SURELAY_INTAKE_BATCH,
      maxBytes: FLUSH_BYTES,
      inFlight: 1,
      timeoutMs: config.SURELAY_INTAKE_TIMEOUT_MS,
      flush: (items, abandoned) => runFlush({ name: "ack", pool, log }, items, abandoned, ackFlush),
      bytesOf: (ack) =>
        ITEM_OVERHEAD +
        (ack.failure === null ? 0 : (ack.failure.message?.length ?? 0) + (ack.failure.stack?.length ?? 0)),
      // What is said of one delivery is judged in the order in which it came.
      apart: { idOf: pairOf, clash: () => true },
      observe: (flush) => this.#results.flush(flush),
    });
    this.#timer = setInterval(() => this.#queue.expire(performance.now()), EXPIRE_EVERY_MS).unref();
  }

  /**
   * Writes the items of one call; each is judged alone.
   *
   * @param appId whose key says it
   * @returns answers in the order of the items. @throws SurelayError when none of them could be queued
   */
  async ackMany(appId: number, items: readonly (ParsedAck | RefusedAck)[]): Promise<AckAnswer[]> {
    const acks: Ack[] = [];
    const places: number[] = [];
    const answers = items.map((item, place): AckAnswer => {
      if (isRefused(item)) return this.#counted(item);
      acks.push({ ...item, appId });
      places.push(place);
      return { messageId: item.messageId, subscription: item.subscription, error: LOST };
    });
    await new Promise<void>((resolve) => {
      let open = acks.length;
      if (open === 0) return resolve();
      this.#queue.push(acks, {
        settle: (index, result) => {
          const { messageId, subscription } = acks[index]!;
          answers[places[index]!] = this.#counted(
            result instanceof SurelayError
              ? { messageId, subscription, error: result }
              : { messageId, subscription, ...result },
          );
          if (--open === 0) resolve();
        },
      });
    });
    return answers;
  }

  /** Resolves when everything queued is answered. New calls are still taken: the caller stops them first. */
  async drain(): Promise<void> {
    await this.#queue.idle();
    clearInterval(this.#timer);
  }

  #counted(answer: AckAnswer): AckAnswer {
    this.#results.result("error" in answer ? answer.error.code : answer.state);
    return answer;
  }
}

const LOST = new SurelayError("internal", "The service lost sight of this acknowledgement.");

interface AckMetrics {
  flush(flush: { items: number; ms: number }): void;
  result(outcome: string): void;
}

function createAckMetrics(registry: Registry): AckMetrics {
  const registers = [registry];
  const items = new Histogram({
    name: "surelay_ack_flush_items",
    help: "Acknowledgements per flush.",
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000],
    registers,
  });
  const seconds = new Histogram({
    name: "surelay_ack_flush_seconds",
    help: "Time from a flush's start to its commit.",
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const counts = new Map<string, number>();
  registry.registerMetric(
    new Counter({
      name: "surelay_ack_results_total",
      help: "Acknowledgements answered, by the delivery's state or the error code.",
      labelNames: ["outcome"],
      registers: [],
      collect() {
        this.reset();
        for (const [outcome, count] of counts) this.inc({ outcome }, count);
      },
    }),
  );
  return {
    flush(flush) {
      items.observe(flush.items);
      seconds.observe(flush.ms / 1000);
    },
    result: (outcome) => void counts.set(outcome, (counts.get(outcome) ?? 0) + 1),
  };
}

import type { Pool } from "../../server/db.ts";
import type { AckReport } from "../../server/domain/ack-report.ts";
import { SurelayError } from "../../server/errors.ts";
import type { ConsumedRecord } from "../../server/kafka/record-consumer.ts";
import type { Log } from "../../server/log.ts";
import { ackFlush, pairOf } from "../../server/services/acks/ack-flush.ts";
import { isRefused, parseAckRecord } from "../../server/services/acks/parse-acks.ts";
import { runFlush } from "../../server/services/intake/run-flush.ts";
import type { Ack } from "../../server/store/ack-deliveries.ts";
import { Wake } from "../runtime/loop.ts";
import type { AckMetrics } from "./ack-metrics.ts";

export interface ApplyRecordsOptions {
  /** With pinned plans. */
  pool: Pool;
  /** Most acks of one statement. */
  batch: number;
  log: Log;
  metrics: AckMetrics;
  signal: AbortSignal;
}

const AGAIN_MS = { first: 100, most: 2000 };
/** Refusals that are logged, a minute: a producer gone wrong would fill the disk. */
const LOGGED_PER_MINUTE = 20;

/**
 * Applies acknowledgements of the topic. What is said of one delivery is applied in the order in which it stands in its
 * partition. Everything may come twice (a process that died between the database's commit and the offset's), and says the
 * same then. A record nobody can act on is counted, logged and passed over: it would stop all behind it for ever.
 */
export class RecordApplier {
  readonly #options: ApplyRecordsOptions;
  readonly #told: AckReport = { applied: 0, poison: 0, refused: 0, lastRefused: null };
  #logged = { minute: 0, count: 0 };

  constructor(options: ApplyRecordsOptions) {
    this.#options = options;
  }

  get told(): AckReport {
    return { ...this.#told };
  }

  /** @returns true: all of it is in the database. False: the process stops, or the partition is somebody else's */
  async apply(records: readonly ConsumedRecord[], alive: () => Promise<boolean>): Promise<boolean> {
    let chunk = new Map<string, { ack: Ack; record: ConsumedRecord }>();
    const flush = async (): Promise<boolean> => {
      if (chunk.size === 0) return true;
      const full = [...chunk.values()];
      chunk = new Map();
      return this.#write(full, alive);
    };
    for (const record of records) {
      const parsed = parseAckRecord(record.value);
      if (isRefused(parsed)) {
        this.#refuse(record, parsed.error, "poison");
        continue;
      }
      const ack = { ...parsed, appId: null };
      const pair = pairOf(ack);
      if ((chunk.has(pair) || chunk.size >= this.#options.batch) && !(await flush())) return false;
      chunk.set(pair, { ack, record });
    }
    return flush();
  }

  async #write(
    chunk: readonly { ack: Ack; record: ConsumedRecord }[],
    alive: () => Promise<boolean>,
  ): Promise<boolean> {
    const { pool, log, signal, metrics } = this.#options;
    const pause = new Wake();
    let open = chunk;
    for (let wait = AGAIN_MS.first; open.length > 0; wait = Math.min(2 * wait, AGAIN_MS.most)) {
      if (!(await alive()) || signal.aborted) return false;
      const asked = open;
      const results = await runFlush(
        { name: "ack", pool, log },
        asked.map(({ ack }) => ack),
        NEVER,
        ackFlush,
      ).catch((error: unknown) => asked.map(() => asError(error)));
      open = asked.filter(({ record }, i) => {
        const result = results[i]!;
        if (!(result instanceof SurelayError)) {
          this.#told.applied++;
          metrics.record(result.state);
          return false;
        }
        if (result.retryable) return true;
        this.#refuse(record, result, "refused");
        return false;
      });
      if (open.length > 0) await pause.wait(wait, signal);
    }
    return true;
  }

  #refuse(record: ConsumedRecord, error: SurelayError, kind: "poison" | "refused"): void {
    const { log, metrics } = this.#options;
    const { partition } = record;
    const offset = record.offset.toString();
    this.#told[kind]++;
    metrics.record(kind === "poison" ? "poison" : error.code);
    this.#told.lastRefused = {
      at: new Date().toISOString(),
      partition,
      offset,
      code: error.code,
      detail: error.message.slice(0, 300),
    };
    const minute = Math.floor(Date.now() / 60_000);
    if (this.#logged.minute !== minute) this.#logged = { minute, count: 0 };
    if (this.#logged.count++ < LOGGED_PER_MINUTE)
      log.warn(
        { partition, offset, code: error.code, detail: error.message },
        "an acknowledgement was passed over",
      );
  }
}

const NEVER = new AbortController().signal;

/** Whatever a flush ended with: nobody is told, so it is tried again until it is known. */
function asError(error: unknown): SurelayError {
  if (error instanceof SurelayError && error.retryable) return error;
  return new SurelayError("unavailable", "The flush failed.", { cause: error });
}

import { within } from "../../server/deadline.ts";
import type { RelayKafka, TransactionalProducer } from "../../server/kafka/port.ts";
import type { Queryable } from "../../server/db.ts";
import { checkLane, setProgress } from "../../server/store/lanes.ts";
import { markSent } from "../../server/store/ready-messages.ts";
import { type Lease, LeaseLost } from "./lease-keeper.ts";
import { decodeProgress, encodeProgress, sentOf, transactionalId } from "./progress-marker.ts";

export interface RecoverDeps {
  kafka: RelayKafka;
  /** Plans pinned. */
  hot: Queryable;
  env: string;
  owner: string;
  progressTopic: string;
}

export interface Recovered {
  producer: TransactionalProducer;
  /** Where the lane's progress stands now. */
  progressOffset: bigint;
  /** Messages that a former owner had committed and not marked. */
  foundSent: number;
}

const STATEMENT_MS = 20_000;

/**
 * Makes a lane ours in the broker and settles what its last transaction became.
 *
 * Opening the producer fences the former one and ends its open transaction. A process that slept between taking the lease
 * and here may thereby have fenced the lane's real owner, so the epoch is looked at again before anything is written; a
 * fenced owner merely takes its lane anew. Then a FENCE is committed to the progress partition. Everything that any owner
 * ever committed in this lane lies before it, and nobody but us can commit after it: a marker that is found there belongs
 * to a committed batch, one that is not found never will be committed.
 *
 * Idempotent: if it fails anywhere it is started over with a new lease and a new producer.
 *
 * @throws LeaseLost, KafkaFault, database errors; the producer is abandoned then
 */
export async function recoverLane(lease: Lease, deps: RecoverDeps): Promise<Recovered> {
  const place = { topic: deps.progressTopic, partition: lease.lane };
  const producer = await deps.kafka.openProducer(transactionalId(deps.env, lease.lane));
  try {
    await requireLane(lease, deps);
    await producer.begin([place]);
    const fence = encodeProgress({ kind: "fence", epoch: lease.epoch.toString(), owner: deps.owner });
    const [fenceOffset] = await producer.send([{ ...place, records: [fence] }]);
    await producer.commit();

    const { progressOffset } = await requireLane(lease, deps);
    const records = await deps.kafka.readCommitted({ ...place, from: progressOffset + 1n, to: fenceOffset! });
    let foundSent = 0;
    for (const { offset, value } of records) {
      if (offset === fenceOffset) continue;
      const progress = decodeProgress(value);
      if (progress.kind !== "batch") continue;
      const { leaseHeld, moved } = await within(
        markSent(deps.hot, {
          lane: lease.lane,
          epoch: lease.epoch,
          progressOffset: offset,
          ...sentOf(progress),
        }),
        STATEMENT_MS,
        "marking what was found sent",
      );
      if (!leaseHeld) throw new LeaseLost(lease.lane);
      foundSent += moved;
    }
    if (!(await setProgress(deps.hot, { ...hold(lease), progressOffset: fenceOffset! })))
      throw new LeaseLost(lease.lane);
    return { producer, progressOffset: fenceOffset!, foundSent };
  } catch (error) {
    producer.abandon();
    throw error;
  }
}

async function requireLane(lease: Lease, deps: RecoverDeps): Promise<{ progressOffset: bigint }> {
  const lane = await within(checkLane(deps.hot, lease), STATEMENT_MS, "checking the lease");
  if (!lane) throw new LeaseLost(lease.lane);
  return lane;
}

function hold(lease: Lease) {
  return { lane: lease.lane, epoch: lease.epoch };
}

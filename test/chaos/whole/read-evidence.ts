import { readAll, header } from "../../relay/read-all.ts";
import type { ChaosSite } from "../site.ts";
import { fateOf, isDeadly } from "./fate.ts";
import type { Evidence, For, Tracked } from "./judge-consumption.ts";
import type { Whole } from "./prepare-whole.ts";
import { MAX_ATTEMPTS } from "./subscriptions.ts";

/** Whatever there is to see when all is over, the broker's part by Kafka's own read_committed consumer. */
export async function readEvidence(site: ChaosSite, whole: Whole): Promise<Evidence> {
  const { bootstrap } = site.cluster;
  const { retry, deadLetter } = whole.topics;
  const read = (topics: readonly string[]) =>
    Promise.all(topics.map(async (topic) => ({ topic, records: await readAll(topic, bootstrap) })));
  const [main, redelivered, dead] = [await read(site.topics), await read(retry), await read(deadLetter)];
  return {
    subscriptions: await readSubscriptions(site),
    records: main.flatMap(({ topic, records }) =>
      records.map((record) => ({
        id: header(record, "ce_id") ?? "",
        topic,
        partition: record.partition,
        offset: record.offset,
        attempt: Number(header(record, "surelay-attempt")),
        key: record.key?.toString() ?? null,
      })),
    ),
    redeliveries: redelivered.flatMap(({ records }) =>
      records.map((record) => ({
        id: header(record, "ce_id") ?? "",
        subscription: header(record, "surelay-subscription") ?? "",
        attempt: Number(header(record, "surelay-attempt")),
      })),
    ),
    deadLetters: dead.flatMap(({ records }) =>
      records.map((record) => ({
        id: header(record, "ce_id") ?? "",
        subscription: header(record, "surelay-subscription") ?? "",
      })),
    ),
    recorded: await readRecorded(site),
    ...(await readBusiness(whole)),
    deliveries: await readDeliveries(site),
    isDeadly: ({ id, subscription }) => isDeadly(fateOf(id, subscription)),
  };
}

async function readSubscriptions({ pool }: ChaosSite): Promise<Tracked[]> {
  const { rows } = await pool.query<{ name: string; topic: string; ack: string; ordered: boolean }>(
    "SELECT s.name, t.name AS topic, s.ack, s.ordered FROM subscription s JOIN topic t ON t.id = s.topic_id",
  );
  return rows.map(({ name, topic, ack, ordered }) => ({
    name,
    topic,
    tracked: ack === "explicit" || ack === "webhook",
    inOrder: ordered || ack === "offset",
    maxAttempts: MAX_ATTEMPTS,
  }));
}

async function readBusiness({ business }: Whole): Promise<Pick<Evidence, "effects" | "refused">> {
  const effects = await business.query<Evidence["effects"][number]>(
    "SELECT message_id AS id, subscription, key, attempt FROM effect ORDER BY n",
  );
  const refused = await business.query<For>("SELECT message_id AS id, subscription FROM refused");
  return { effects: effects.rows, refused: refused.rows };
}

async function readRecorded({ pool }: ChaosSite): Promise<Evidence["recorded"]> {
  const { rows } = await pool.query<Evidence["recorded"][number]>(
    `SELECT a.message_id AS id, s.name AS subscription, a.attempt
     FROM delivery_attempt a JOIN subscription s ON s.id = a.subscription_id WHERE a.kind = 'redelivered'`,
  );
  return rows;
}

async function readDeliveries({ pool }: ChaosSite): Promise<Evidence["deliveries"]> {
  const { rows } = await pool.query<Evidence["deliveries"][number]>(
    `SELECT d.message_id AS id, s.name AS subscription, d.state, d.attempt, d.drive, d.drive_from AS "driveFrom"
     FROM delivery d JOIN subscription s ON s.id = d.subscription_id`,
  );
  return rows;
}

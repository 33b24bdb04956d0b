import { beforeAll, expect, test } from "vitest";
import { useDatabase } from "../../support/database.ts";
import { kafkaBootstrap } from "../../support/kafka.ts";
import { receiveAcks } from "../consumer/ack-receiver.ts";
import { EFFECTS, inboxDdl } from "../consumer/inbox-tables.ts";
import { openTopics } from "../consumer/records.ts";
import { eventually } from "../consumer/use-consumers.ts";
import { runConsumerKills, startConsumer } from "./run-consumer-kills.ts";
import { STEPS } from "./steps.ts";

/** Each step as often as this. */
const KILLS = 2 * STEPS.length;

const business = useDatabase();
const site = () => ({ bootstrap: kafkaBootstrap(), businessUrl: business.url, business: business.pool });

beforeAll(async () => {
  await business.pool.query(inboxDdl("postgresql"));
  await business.pool.query(EFFECTS);
});

test("a consumer that dies at any step handles every message once in effect, in order, and tells of each", async () => {
  const verdict = await runConsumerKills(site(), { kills: KILLS, parallel: 4 });
  expect(verdict).toMatchObject({ wrong: [], untold: [], disordered: [], lag: 0, failures: [] });
  // It was a test of something: every step, messages that came again, and some that were refused.
  expect(Object.keys(verdict.steps)).toHaveLength(STEPS.length);
  expect(verdict.messages).toBe(25 * KILLS);
  expect(verdict.again).toBeGreaterThan(0);
  expect(verdict.rejected).toBeGreaterThan(10);
}, 120_000);

test("a message that ends the process is rejected as poison, and the others are handled", async () => {
  const topics = await openTopics("poisoned", 1);
  const receiver = await receiveAcks();
  try {
    const fates = ["fine", "slow", "poison", "fine", "fine", "fine"];
    const ids = await topics.send(
      fates.map((fate, seq) => ({ key: `K-${seq % 3}`, payload: { seq, fate } })),
    );
    const plan = {
      topics,
      receiver,
      subscription: "poisoned",
      step: "none",
      action: "kill",
      maxStarts: 2,
    } as const;
    let deaths = 0;
    let last = startConsumer(site(), plan);
    for (;;) {
      const rejected = () => receiver.of(ids[2]!).some(({ outcome }) => outcome === "rejected");
      await Promise.race([last.over, eventually(rejected)]);
      if (rejected()) break;
      deaths++;
      last = startConsumer(site(), plan);
    }
    await eventually(async () => (await topics.lag(`${topics.topic}.poisoned`)) === 0);
    last.kill();
    await last.over;
    // Once unseen, then as often as it may.
    expect(deaths).toBe(3);
    expect(receiver.of(ids[2]!)[0]).toMatchObject({ outcome: "rejected", error: { type: "poison" } });
    for (const [i, id] of ids.entries()) {
      const { rows } = await business.pool.query("SELECT 1 FROM effect WHERE message_id = $1", [id]);
      expect(rows).toHaveLength(fates[i] === "poison" ? 0 : 1);
    }
  } finally {
    await receiver.stop();
    await topics.close();
  }
}, 60_000);

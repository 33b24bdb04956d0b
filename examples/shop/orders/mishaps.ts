import type { Database } from "surelay-producer";

/** Where in an order's way the process is killed. Each leaves a prepared message that only a check-back can settle. */
const MOMENTS = ["before BEGIN", "before COMMIT", "after COMMIT"] as const;
export type Moment = (typeof MOMENTS)[number];

/**
 * For show: a database in whose transactions this very process is killed, once, with SIGKILL, at a moment drawn by lot.
 * No service needs this; it is how the shop shows what check-backs are for.
 *
 * @param meanSeconds how long the process lives about; Infinity: it is left alone
 * @param lastWords called in the moment before, synchronously
 */
export function unlucky<Tx>(
  database: Database<Tx>,
  meanSeconds: number,
  lastWords: (moment: Moment) => void,
): Database<Tx> {
  if (meanSeconds === Infinity) return database;
  let fate: Moment | undefined;
  const draw = () => (fate = MOMENTS[Math.floor(Math.random() * MOMENTS.length)]);
  setTimeout(draw, meanSeconds * 1000 * (0.5 + Math.random())).unref();
  const pass = (moment: Moment) => {
    if (moment !== fate) return;
    lastWords(moment);
    process.kill(process.pid, "SIGKILL");
  };
  return {
    dialect: database.dialect,
    query: (tx, sql) => database.query(tx, sql),
    async transaction(work) {
      pass("before BEGIN");
      const result = await database.transaction(async (tx) => {
        const done = await work(tx);
        pass("before COMMIT");
        return done;
      });
      pass("after COMMIT"); // and before anybody was told
      return result;
    },
  };
}

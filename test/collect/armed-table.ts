import type { OutboxTable } from "../../server/sources/outbox-table.ts";

/** Where a collector ends or freezes itself. `stored`: the rows are messages, and still stand in the source. */
export type ArmedStep = "read" | "stored" | "removed";
export interface Armed {
  step: ArmedStep;
  signal: "SIGKILL" | "SIGSTOP";
}

/** Puts itself between the collector and its source: moments that a signal from outside rarely hits. */
export function armedTable(table: OutboxTable): OutboxTable {
  const point = (step: ArmedStep) => {
    if (armed?.step !== step) return;
    const { signal } = armed;
    armed = undefined;
    process.kill(process.pid, signal);
  };
  return {
    ...table,
    place: table.place,
    async read(...args) {
      const rows = await table.read(...args);
      if (rows.length > 0) point("read");
      return rows;
    },
    async remove(refs) {
      if (refs.length > 0) point("stored");
      await table.remove(refs);
      if (refs.length > 0) point("removed");
    },
  };
}

let armed: Armed | undefined;
process.on("message", (message) => (armed = message as Armed));
process.on("disconnect", () => process.exit(1)); // the run is over, however it ended

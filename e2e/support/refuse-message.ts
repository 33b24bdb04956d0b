import { createPool, inTransaction } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { confirmMessages } from "../../server/store/confirm-messages.ts";
import { readMessage } from "../../server/store/find-messages.ts";
import { rejectMessages } from "../../server/store/ready-messages.ts";

/**
 * Brings a prepared message where the relay would bring it if the broker refused it for good, by the relay's own
 * statements: confirmed and refused in one transaction, so that the relay never gets to send it.
 */
export async function refuseMessage(databaseUrl: string, id: string, reason: string): Promise<void> {
  const pool = createPool({ url: databaseUrl, max: 1, name: "e2e", log: silentLog });
  try {
    await inTransaction(pool, async (tx) => {
      const message = await readMessage(tx, id, null);
      if (message === null) throw new Error(`there is no message ${id}`);
      const { lane, appId } = message;
      await confirmMessages(tx, [{ id, appId }], "producer");
      const { rows } = await tx.query<{ epoch: string }>("SELECT epoch FROM lane WHERE lane = $1", [lane]);
      const epoch = BigInt(rows[0]!.epoch);
      const { moved } = await rejectMessages(tx, { lane, epoch, rejected: [{ id, reason }] });
      if (moved !== 1) throw new Error(`message ${id} was not refused`);
    });
  } finally {
    await pool.end();
  }
}

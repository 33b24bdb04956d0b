import { expect } from "@playwright/test";
import type pg from "pg";

/** Waits until a message stands where the relay is to bring it. */
export async function untilState(database: pg.Client, id: string, state: string): Promise<void> {
  await expect
    .poll(async () => {
      const { rows } = await database.query<{ state: string }>(
        "SELECT state FROM message_state WHERE id = $1",
        [id],
      );
      return rows[0]?.state;
    })
    .toBe(state);
}

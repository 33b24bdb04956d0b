import type { Shop } from "./place-order.ts";

/**
 * Confirms orders that were committed without their confirm having got through: the service was away, or this process
 * died between the two. A check-back would settle them as well; this only does it sooner, and needs no check URL.
 * Confirming twice is harmless.
 */
export async function confirmLeftovers({ db, surelay, journal }: Shop): Promise<void> {
  const { rows } = await db.query<{ messageId: string }>(
    `SELECT message_id AS "messageId" FROM orders
     WHERE confirmed_at IS NULL AND confirm_error IS NULL AND NOT confirm_withheld
       AND placed_at < now() - interval '3 seconds' -- placeOrder is on its way with the newest
     ORDER BY placed_at LIMIT 500`,
  );
  if (rows.length === 0) return;
  const results = await surelay.confirmAll(rows.map((row) => row.messageId));
  for (const [i, result] of results.entries()) {
    const { messageId } = rows[i]!;
    if (!result.error) {
      await db.query("UPDATE orders SET confirmed_at = now() WHERE message_id = $1", [messageId]);
      journal.count("confirmed late");
    } else if (result.error.code !== "unavailable" && result.error.code !== "rate_limited") {
      // A committed order whose message was cancelled: somebody decided against the truth. A person has to look.
      await db.query("UPDATE orders SET confirm_error = $2 WHERE message_id = $1", [
        messageId,
        `${result.error.code}: ${result.error.detail}`,
      ]);
      journal.trouble(new Error(`message ${messageId} of a committed order: ${result.error.detail}`));
    }
  }
}

import type { Queryable } from "../db.ts";
import { SurelayError } from "../errors.ts";
import { countAttempt, dropOldAttempts, forgetAttempts } from "../store/sign-in-attempts.ts";

const WINDOW_SECONDS = 60;
/** Attempts per window for one name. */
export const MAX_PER_NAME = 10;
/** Attempts per window altogether: each costs a slow hash, so an unbounded number would be a way to stop the console. */
export const MAX_ALTOGETHER = 300;

const EVERYONE = "sign-in";
const keyOf = (username: string) => `sign-in:${username.slice(0, 64)}`;

/**
 * Lets an attempt to sign in pass, or refuses it. By name and not by address: behind a proxy the address is what a header
 * says, and a header can say anything. The price: whoever knows a name can keep its owner out while the attack runs.
 *
 * @throws SurelayError `rate_limited` with the seconds left
 */
export async function admitSignIn(db: Queryable, username: string): Promise<void> {
  const everyone = await countAttempt(db, EVERYONE, WINDOW_SECONDS);
  if (everyone.count === 1) await dropOldAttempts(db);
  const named = await countAttempt(db, keyOf(username), WINDOW_SECONDS);
  const over = everyone.count > MAX_ALTOGETHER ? everyone : named.count > MAX_PER_NAME ? named : null;
  if (over)
    throw new SurelayError("rate_limited", "Too many attempts to sign in.", {
      retryAfterSeconds: over.secondsLeft,
    });
}

/** A success clears the name's count. */
export async function settleSignIn(db: Queryable, username: string): Promise<void> {
  await forgetAttempts(db, keyOf(username));
}

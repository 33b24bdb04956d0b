import { isIPv6 } from "node:net";
import type { Queryable } from "../db.ts";
import { SurelayError } from "../errors.ts";
import { countAttempt, dropOldAttempts, forgetAttempts, takeBackAttempt } from "../store/sign-in-attempts.ts";

const WINDOW_SECONDS = 60;
/** Attempts per window for one name. */
export const MAX_PER_NAME = 10;
/** Failed attempts per window from one address: one guess at each of many names. */
export const MAX_PER_ADDRESS = 40;
/** Attempts per window altogether: each costs a slow hash, so an unbounded number would be a way to stop the console. */
export const MAX_ALTOGETHER = 300;

const EVERYONE = "sign-in";
const nameKey = (username: string) => `sign-in:${username.slice(0, 64)}`;
const addressKey = (address: string) => `sign-in-from:${network(address)}`;

/** What is counted of an attempt to sign in. */
export interface Attempt {
  /** Normalised. */
  username: string;
  /** Absent: nothing trustworthy names one, and only name and total are counted. */
  address: string | undefined;
}

/** Refused for `secondsLeft`; `first` of this window, which is the one worth writing down. */
export interface Refused {
  by: "name" | "address" | "total";
  secondsLeft: number;
  first: boolean;
}

/**
 * Counts an attempt to sign in and lets it pass (null) or refuses it. The price of counting by name: whoever knows a name
 * can keep its owner out while the attack runs. Without it, many addresses could guess at one name together.
 */
export async function admitSignIn(db: Queryable, attempt: Attempt): Promise<Refused | null> {
  const total = await countAttempt(db, EVERYONE, WINDOW_SECONDS);
  if (total.count === 1) await dropOldAttempts(db);
  const counts: { by: Refused["by"]; most: number; count: number; secondsLeft: number }[] = [
    { by: "total", most: MAX_ALTOGETHER, ...total },
    {
      by: "name",
      most: MAX_PER_NAME,
      ...(await countAttempt(db, nameKey(attempt.username), WINDOW_SECONDS)),
    },
  ];
  if (attempt.address !== undefined)
    counts.push({
      by: "address",
      most: MAX_PER_ADDRESS,
      ...(await countAttempt(db, addressKey(attempt.address), WINDOW_SECONDS)),
    });
  const over = counts.find(({ count, most }) => count > most);
  return over === undefined
    ? null
    : { by: over.by, secondsLeft: over.secondsLeft, first: over.count === over.most + 1 };
}

/** A success clears the name's count and is not held against the address. */
export async function settleSignIn(db: Queryable, attempt: Attempt): Promise<void> {
  await forgetAttempts(db, nameKey(attempt.username));
  if (attempt.address !== undefined) await takeBackAttempt(db, addressKey(attempt.address));
}

/**
 * Counts an attempt at the present password by somebody who is signed in.
 * @throws SurelayError `rate_limited` with the seconds left
 */
export async function admitPasswordCheck(db: Queryable, username: string): Promise<void> {
  const { count, secondsLeft } = await countAttempt(db, `password:${username}`, WINDOW_SECONDS);
  if (count > MAX_PER_NAME)
    throw new SurelayError("rate_limited", `Too many attempts. Try again in ${secondsLeft} seconds.`, {
      retryAfterSeconds: secondsLeft,
    });
}

/** A right password clears the count. */
export async function settlePasswordCheck(db: Queryable, username: string): Promise<void> {
  await forgetAttempts(db, `password:${username}`);
}

/** One subscriber has a whole IPv6 network of 64 bits: its addresses count as one. */
function network(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => "0");
  return [...left, ...gap, ...right]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}

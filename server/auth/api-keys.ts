import { timingSafeEqual } from "node:crypto";
import type { Queryable } from "../db.ts";
import { SurelayError } from "../errors.ts";
import type { Log } from "../log.ts";
import { type ApiKeyForAuth, findApiKey, type Scope, touchApiKeys } from "../store/api-keys.ts";
import { hashSecret, parseApiKey } from "./api-key-text.ts";
import { TokenBucket } from "./token-bucket.ts";

export type { Scope };

/** Who calls: an app, by one of its keys. */
export interface Caller {
  keyId: string;
  appId: number;
  app: string;
  checkAfterSeconds: number | null;
  scopes: ReadonlySet<Scope>;
  bucket: TokenBucket;
}

export interface ApiKeysOptions {
  db: Queryable;
  log: Log;
  /** How long what is known of a key is believed, seconds: a revoked key is refused after that. */
  cacheSeconds: number;
  /** For keys that name no rate of their own, messages per second. */
  ratePerSecond: number;
  /** A monotonic clock, ms. */
  now?: () => number;
}

interface Known {
  hash: Buffer;
  caller: Caller;
  until: number;
}

/** Remembered keys, known and unknown each; beyond it the oldest is forgotten. Guessing keys fills no memory. */
const CACHE_SIZE = 10_000;
const TOUCH_EVERY_MS = 10_000;

/** Checks API keys against the store, with a cache of seconds. */
export class ApiKeys {
  readonly #options: ApiKeysOptions;
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();
  /** Ids that do not exist or are revoked, until when. */
  readonly #refused = new Map<string, number>();
  readonly #asking = new Map<string, Promise<Known | null>>();
  readonly #used = new Set<string>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: ApiKeysOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#timer = setInterval(() => void this.#touch(), TOUCH_EVERY_MS).unref();
  }

  /**
   * The caller an `Authorization` header stands for; a promise only when the store has to be asked.
   *
   * @throws SurelayError `unauthorized` | `unavailable` (the key is not cached and the store does not answer)
   */
  authenticate(authorization: string | undefined): Caller | Promise<Caller> {
    if (authorization === undefined)
      throw unauthorized("An API key is missing: send Authorization: Bearer <key>.");
    const key = /^bearer /i.test(authorization) ? parseApiKey(authorization.slice(7).trim()) : null;
    if (!key) throw unauthorized("This is not an API key: it looks like slk_<id>_<secret>.");
    const known = this.#known.get(key.id);
    if (known && known.until > this.#now()) return this.#check(key.secret, known);
    return this.#load(key.id).then((loaded) => this.#check(key.secret, loaded));
  }

  /** Stops noting uses, after the last ones are noted. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#touch();
  }

  /** The same answer for an unknown id, a revoked key and a wrong secret: nothing is learnt by trying. */
  #check(secret: string, known: Known | null): Caller {
    const given = hashSecret(secret);
    const isRight = timingSafeEqual(given, known?.hash ?? NO_HASH);
    if (!known || !isRight) throw unauthorized("This API key is not valid, or was revoked.");
    this.#used.add(known.caller.keyId);
    return known.caller;
  }

  async #load(id: string): Promise<Known | null> {
    const refusedUntil = this.#refused.get(id);
    if (refusedUntil !== undefined && refusedUntil > this.#now()) return null;
    let asking = this.#asking.get(id);
    if (!asking) {
      asking = this.#ask(id).finally(() => this.#asking.delete(id));
      this.#asking.set(id, asking);
    }
    return asking;
  }

  async #ask(id: string): Promise<Known | null> {
    const until = this.#now() + this.#options.cacheSeconds * 1000;
    let row: ApiKeyForAuth | null;
    try {
      row = await findApiKey(this.#options.db, id);
    } catch (cause) {
      throw new SurelayError(
        "unavailable",
        "The store cannot be reached, so the API key cannot be checked.",
        {
          retryAfterSeconds: 1,
          cause,
        },
      );
    }
    if (!row || row.revokedAt) {
      this.#known.delete(id);
      remember(this.#refused, id, until);
      return null;
    }
    const known = { hash: row.hash, caller: this.#toCaller(row), until };
    remember(this.#known, id, known);
    return known;
  }

  /** A key keeps its bucket while it stays cached, or a refresh would fill it. */
  #toCaller(row: ApiKeyForAuth): Caller {
    const ratePerSecond = row.ratePerSecond ?? this.#options.ratePerSecond;
    const bucket = this.#known.get(row.id)?.caller.bucket;
    return {
      keyId: row.id,
      appId: row.appId,
      app: row.appName,
      checkAfterSeconds: row.checkAfterSeconds,
      scopes: new Set(row.scopes),
      bucket: bucket?.ratePerSecond === ratePerSecond ? bucket : new TokenBucket(ratePerSecond, this.#now()),
    };
  }

  async #touch(): Promise<void> {
    if (this.#used.size === 0) return;
    const ids = [...this.#used];
    this.#used.clear();
    await touchApiKeys(this.#options.db, ids).catch((err: unknown) =>
      this.#options.log.warn({ err }, "the last use of API keys could not be noted"),
    );
  }
}

const NO_HASH = Buffer.alloc(32);

function unauthorized(detail: string): SurelayError {
  return new SurelayError("unauthorized", detail);
}

function remember<V>(cache: Map<string, V>, id: string, value: V): void {
  cache.delete(id);
  cache.set(id, value);
  if (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value!);
}

/** @throws SurelayError `forbidden` */
export function requireScope(caller: Caller, scope: Scope): void {
  if (!caller.scopes.has(scope))
    throw new SurelayError("forbidden", `This API key lacks the scope "${scope}".`);
}

/** Counts messages against the key's rate. @throws SurelayError `rate_limited` */
export function spend(caller: Caller, messages: number, nowMs: number = performance.now()): void {
  const wait = caller.bucket.take(messages, nowMs);
  if (wait === 0) return;
  throw new SurelayError(
    "rate_limited",
    `This API key may submit ${caller.bucket.ratePerSecond} messages per second. Nothing was stored; try again later.`,
    { retryAfterSeconds: Math.max(1, Math.ceil(wait)) },
  );
}

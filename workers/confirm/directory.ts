import { signingSecrets } from "../../server/auth/signing-secret.ts";
import type { Queryable } from "../../server/db.ts";
import { type CheckPolicy, checkPolicyOf } from "../../server/domain/check-policy.ts";
import { type CheckApp, readCheckApps } from "../../server/store/check-apps.ts";

/** How long what was read of apps is used, ms: a changed policy, URL or secret counts within this, unless a NOTIFY says so. */
const FRESH_MS = 500;

/** An app as it is asked. */
export interface AskableApp extends CheckApp {
  policy: CheckPolicy;
  /** What its requests are signed with, newest first. */
  secrets: readonly string[];
  /** By `performance.now()`: when its breaker's next probe may go; null: it is closed. */
  probeAt: number | null;
}

export interface DirectoryOptions {
  db: Queryable;
  /** SURELAY_SIGNING_SECRET. */
  master: string;
  /** SURELAY_CHECK_AFTER_SECONDS. */
  afterSeconds: number;
}

/** The apps that can be asked, with policy and breaker, a moment old at most. */
export class Directory {
  readonly #options: DirectoryOptions;
  #apps: readonly AskableApp[] = [];
  #readAt = -Infinity;

  constructor(options: DirectoryOptions) {
    this.#options = options;
  }

  /** What was read last. */
  get known(): readonly AskableApp[] {
    return this.#apps;
  }

  /** The next `read` asks the database. */
  doubt(): void {
    this.#readAt = -Infinity;
  }

  async read(): Promise<readonly AskableApp[]> {
    const now = performance.now();
    if (now - this.#readAt < FRESH_MS) return this.#apps;
    this.#readAt = now;
    try {
      const rows = await readCheckApps(this.#options.db);
      this.#apps = rows.map((app) => this.#askable(app, now));
    } catch (error) {
      this.doubt();
      throw error;
    }
    return this.#apps;
  }

  #askable(app: CheckApp, now: number): AskableApp {
    const { master, afterSeconds } = this.#options;
    const { probeInMs } = app.breaker;
    return {
      ...app,
      policy: checkPolicyOf(app.check, app.checkAfterSeconds ?? afterSeconds),
      secrets: signingSecrets(master, app),
      probeAt: probeInMs === null ? null : now + probeInMs,
    };
  }
}

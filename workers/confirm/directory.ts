import { signingSecrets } from "../../server/auth/signing-secret.ts";
import type { Queryable } from "../../server/db.ts";
import { type CheckPolicy, checkPolicyOf } from "../../server/domain/check-policy.ts";
import { type CheckApp, readCheckApps } from "../../server/store/check-apps.ts";
import { FreshList } from "../runtime/fresh-list.ts";

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
export type Directory = FreshList<AskableApp>;

export function createDirectory({ db, master, afterSeconds }: DirectoryOptions): Directory {
  const askable = (app: CheckApp, now: number): AskableApp => {
    const { probeInMs } = app.breaker;
    return {
      ...app,
      policy: checkPolicyOf(app.check, app.checkAfterSeconds ?? afterSeconds),
      secrets: signingSecrets(master, app),
      probeAt: probeInMs === null ? null : now + probeInMs,
    };
  };
  return new FreshList(async (now) => (await readCheckApps(db)).map((app) => askable(app, now)));
}

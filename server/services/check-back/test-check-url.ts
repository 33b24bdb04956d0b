import type { CheckBackRequest } from "../../../sdk/contract/check-back.ts";
import { signingSecrets } from "../../auth/signing-secret.ts";
import { inTransaction, type Pool } from "../../db.ts";
import { checkPolicyOf } from "../../domain/check-policy.ts";
import { newMessageId } from "../../domain/message-id.ts";
import { SurelayError } from "../../errors.ts";
import type { GuardedAgents } from "../../outbound/guarded-agent.ts";
import { findApp } from "../../store/apps.ts";
import { appendAudit } from "../../store/audit.ts";
import { readSecretRow } from "../../store/secret-rows.ts";
import { type Acting, entryOf } from "../registry/acting.ts";
import { askProducer, type Exchange } from "./ask-producer.ts";
import { requireSigningSecret } from "./signing-master.ts";

export interface CheckUrlTest extends Exchange {
  url: string;
  request: CheckBackRequest;
  timeoutMs: number;
}

/**
 * Asks an app's check URL about a message that nobody prepared, signed as ever, and shows both ends. An app whose answers
 * are definitive says `rolled_back`: such a transaction never happened. Nothing is stored but an entry in the audit log.
 *
 * @param test.master SURELAY_SIGNING_SECRET
 * @throws SurelayError `not_found` | `validation_failed` (no check URL) | `unavailable` (no signing secret)
 */
export async function testCheckUrl(
  db: Pool,
  test: { app: string; master: string | undefined; agents: GuardedAgents },
  by: Acting,
): Promise<CheckUrlTest> {
  const master = requireSigningSecret(test.master);
  const [app, secret] = await Promise.all([findApp(db, test.app), readSecretRow(db, { app: test.app })]);
  if (!app || !secret) throw new SurelayError("not_found", `There is no app ${JSON.stringify(test.app)}.`);
  const { checkUrl: url, name } = app;
  if (url === null) throw new SurelayError("validation_failed", `The app ${name} declares no check URL.`);
  const timeoutMs = checkPolicyOf(app.check, app.checkAfterSeconds ?? 1).timeoutSeconds * 1000;
  const request: CheckBackRequest = {
    messageId: newMessageId(),
    businessKey: null,
    topic: "surelay.test",
    type: null,
    preparedAt: new Date().toISOString(),
    attempt: 1,
  };
  const secrets = signingSecrets(master, {
    name,
    secretVersion: secret.version,
    secretOverlaps: secret.overlapsUntil !== null,
  });
  const exchange = await askProducer(test.agents, { url, request, secrets, timeoutMs });
  const { result } = exchange;
  await inTransaction(db, (tx) =>
    appendAudit(
      tx,
      entryOf(by, {
        action: "app.test_check_url",
        targetKind: "app",
        targetId: name,
        after: { url, outcome: result.sent ? result.outcome : result.error, status: exchange.status },
      }),
    ),
  );
  return { ...exchange, url, request, timeoutMs };
}

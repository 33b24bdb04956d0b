import { Api } from "../client/call-api.ts";
import { SurelayError } from "../client/surelay-error.ts";
import { type AckByApi, requireApi } from "./ack-by-api.ts";
import type { SubscriptionPolicy } from "./retry-policy.ts";

const TIMEOUT_MS = 3000;

/**
 * The subscription's schedule as the service has it: `GET /v1/subscriptions/{topic}/{name}`.
 *
 * @returns null: it knows none of this name that the key may read
 * @throws SurelayError it cannot be asked just now, or what is there is not the service
 */
export async function readPolicy(
  access: AckByApi,
  of: { topic: string; subscription: string },
): Promise<SubscriptionPolicy | null> {
  const api = new Api({ url: access.url, key: access.key, maxSockets: 1, agent: access.agent });
  try {
    const answer = await api.get(`v1/subscriptions/${of.topic}/${of.subscription}`, TIMEOUT_MS);
    const { ackTimeoutSeconds, ordered, retry } = answer as Partial<Record<string, unknown>>;
    if (typeof ackTimeoutSeconds !== "number" || typeof retry !== "object" || retry === null)
      throw new SurelayError(
        "bad_answer",
        "What answered is not Surelay's API: it tells of no subscription.",
      );
    return { ...retry, ackTimeoutSeconds, ordered: ordered === true };
  } catch (error) {
    if ((error as SurelayError).code !== "not_found") throw error;
    await requireApi(api, access.url, TIMEOUT_MS);
    return null;
  } finally {
    if (!access.agent) api.destroy();
  }
}

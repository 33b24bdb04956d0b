import { countingSecrets } from "../../server/auth/signing-secret.ts";
import type { Queryable } from "../../server/db.ts";
import { readWebhookEndpoints, type WebhookEndpoint } from "../../server/store/webhook-endpoints.ts";
import { FreshList } from "../runtime/fresh-list.ts";

/** A webhook subscription, and what its calls are signed with, newest first. */
export interface CallableEndpoint extends WebhookEndpoint {
  secrets: readonly string[];
}

/** The webhook subscriptions, a moment old at most. */
export type Endpoints = FreshList<CallableEndpoint>;

/** @param master SURELAY_SIGNING_SECRET */
export function createEndpoints(db: Queryable, master: string): Endpoints {
  return new FreshList(async () =>
    (await readWebhookEndpoints(db)).map((endpoint) => ({
      ...endpoint,
      secrets: countingSecrets(master, endpoint, endpoint),
    })),
  );
}

/** Whether it is called at all just now. */
export function isOpen(endpoint: WebhookEndpoint): boolean {
  return !endpoint.paused && endpoint.disabledAt === null;
}

/** How people name it. */
export function nameOf({ topic, subscription }: WebhookEndpoint): string {
  return `${topic}/${subscription}`;
}

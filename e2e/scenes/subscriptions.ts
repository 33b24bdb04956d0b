import { answerWith, requestsOf } from "../support/answer-with.ts";
import {
  CARRIER_AWAY,
  NO_WEIGHT,
  PARCELS,
  TRACKING,
  clearParcels,
  leaveParcels,
} from "../support/parcels.ts";
import type { Scene, SceneTools } from "./scene.ts";

const PAGE = `/subscriptions/${PARCELS}/${TRACKING}`;
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const waits = (count: number, minutes: number) => ({ count, oldest: minutesAgo(minutes) });

const go = ({ page, stack }: SceneTools, address: string) => page.goto(stack.consoleUrl + address);
const dialog = ({ page }: SceneTools) => page.getByRole("dialog");

const PROGRESS = [0, 1, 2].map((partition) => ({
  retry: false,
  partition,
  committed: partition === 2 ? null : String(9_007_199_254_740_990n + BigInt(partition)),
  endOffset: String(9_007_199_254_741_003n),
  seenAt: minutesAgo(0),
  movedAt: minutesAgo(3 * partition),
}));
const BUSY = {
  standing: "dead",
  waiting: { PENDING: waits(312, 1), WAITING: waits(47, 9), DEAD: waits(3, 640) },
  rate: { sent: 48.2, acked: 46.9, failed: 1.1, dead: 0.02 },
  lag: { records: 26, retryRecords: 2, seenAt: minutesAgo(0) },
  progress: PROGRESS,
};
const THROTTLED = {
  ...BUSY,
  standing: "throttled",
  valve: {
    state: "throttled",
    since: minutesAgo(6),
    probeAt: new Date(Date.now() + 45_000),
    trips: 3,
    failures: 118,
    lastError: "CarrierUnavailable: carrier api.carrier.example:443 answered 503 after 5012 ms",
    failingSince: null,
    disabledAt: null,
    disabledReason: null,
  },
};
const WEBHOOK = {
  ...BUSY,
  ack: "webhook",
  standing: "disabled",
  webhook: { url: "https://partner.example.com/hooks/parcels", timeoutSeconds: 10, concurrency: 8 },
  lag: null,
  progress: [],
  secretVersion: 2,
  secretRotatedAt: minutesAgo(90),
  retry: {
    maxAttempts: 8,
    firstDelaySeconds: 1,
    factor: 2,
    maxDelaySeconds: 3600,
    jitter: 0.2,
    ladderSeconds: [5, 30, 120, 600, 1800, 7200, 21_600],
    ratePerSecond: 200,
    maxInFlight: 1000,
  },
  valve: {
    ...THROTTLED.valve,
    state: "open",
    disabledAt: minutesAgo(45),
    disabledReason: "no call has succeeded for 24 h; the last one: HTTP 502",
  },
};

/** Opens the page of the parcels' subscription as it would be in another standing. */
async function openAs(tools: SceneTools, standing: object): Promise<void> {
  await answerWith<object>(tools.page, "subscriptions.read", (subscription) => ({
    ...subscription,
    ...standing,
  }));
  await go(tools, PAGE);
  await tools.page.locator("main dl", { hasText: "312" }).waitFor();
}

export const scenes: Scene[] = [
  {
    name: "subscriptions-list",
    open: async (tools) => {
      await answerWith<{ name: string }[]>(tools.page, "subscriptions.list", (all) => {
        const [ours] = all.filter(({ name }) => name === TRACKING);
        if (ours === undefined) return all;
        const other = (part: object) => ({ ...ours, ...BUSY, ...part });
        return [
          other({ id: 901, topic: "invoices.issued", name: "ledger", ack: "offset", standing: "delivering" }),
          other({
            id: 902,
            topic: "orders.created",
            name: "partner-hook",
            ...WEBHOOK,
            waiting: BUSY.waiting,
          }),
          other({
            id: 903,
            topic: "orders.created",
            name: "shipping",
            standing: "paused",
            pausedAt: minutesAgo(30),
            pausedBy: "admin",
          }),
          other({}),
        ];
      });
      await go(tools, "/subscriptions");
      await tools.page.locator("tbody tr", { hasText: "ledger" }).waitFor();
    },
  },
  {
    name: "subscriptions-empty",
    open: async (tools) => {
      await answerWith(tools.page, "subscriptions.list", () => []);
      await go(tools, "/subscriptions");
      await tools.page.locator("main h2").first().waitFor();
    },
  },
  {
    name: "subscriptions-outdated",
    expectedErrors: /503|Failed to load/,
    open: async (tools) => {
      await tools.page.route(requestsOf("subscriptions.list"), (route) =>
        route.fulfill({ status: 503, body: "" }),
      );
      await go(tools, "/subscriptions");
      await tools.page.locator("main [role=alert]").first().waitFor();
    },
  },
  {
    name: "subscriptions-one",
    role: "operator",
    open: async (tools) => {
      await clearParcels(tools);
      await leaveParcels(tools, 2, NO_WEIGHT);
      await leaveParcels(tools, 1, CARRIER_AWAY);
      await openAs(tools, BUSY);
      await tools.page.locator("main a[href^='/failures/']").first().waitFor();
    },
    close: clearParcels,
  },
  {
    name: "subscriptions-throttled",
    role: "operator",
    open: async (tools) => {
      await openAs(tools, {
        ...THROTTLED,
        pausedAt: minutesAgo(12),
        pausedBy: "admin",
        pauseReason: "The carrier is down",
      });
      await tools.page.locator("main [data-action=reset-valve]").waitFor();
    },
  },
  {
    name: "subscriptions-webhook",
    open: async (tools) => {
      await openAs(tools, WEBHOOK);
      await tools.page.locator("main [data-action=enable-endpoint]").waitFor();
    },
  },
  {
    name: "subscriptions-viewer",
    role: "viewer",
    open: async (tools) => {
      await openAs(tools, BUSY);
      await tools.page.locator("main [data-action=pause-subscription]").focus();
      await tools.page.getByRole("tooltip").waitFor();
    },
  },
  {
    name: "subscriptions-create",
    open: async (tools) => {
      await go(tools, "/subscriptions");
      await tools.page.locator("main [data-action=create-subscription]").first().click();
      await dialog(tools).locator("[data-retries]").waitFor();
    },
  },
  {
    name: "subscriptions-create-webhook",
    open: async (tools) => {
      await go(tools, `/topics/${PARCELS}`);
      await tools.page.locator("main [data-action=create-subscription]").click();
      await dialog(tools).locator("label[for$=-webhook]").click();
      await dialog(tools).locator("input[value^='5s, 30s']").waitFor();
    },
  },
  {
    name: "subscriptions-edit",
    open: async (tools) => {
      await openAs(tools, BUSY);
      await tools.page.locator("main [data-action=edit-subscription]").click();
      await dialog(tools).locator("input[value='4']").fill("6");
      await dialog(tools).locator("ins").first().waitFor();
    },
  },
  {
    name: "subscriptions-pause",
    role: "operator",
    open: async (tools) => {
      await openAs(tools, BUSY);
      await tools.page.locator("main [data-action=pause-subscription]").click();
      await dialog(tools).getByRole("textbox").waitFor();
    },
  },
  {
    name: "subscriptions-remove",
    open: async (tools) => {
      await openAs(tools, BUSY);
      await tools.page.locator("main [data-action=remove-subscription]").click();
      await dialog(tools).getByRole("textbox").waitFor();
    },
  },
  {
    name: "subscriptions-of-topic",
    open: async (tools) => {
      await go(tools, `/topics/${PARCELS}`);
      await tools.page.locator("main a[href^='/subscriptions/']").first().waitFor();
    },
  },
];

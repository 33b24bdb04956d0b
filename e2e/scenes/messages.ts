import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { answerWith, requestsOf } from "../support/answer-with.ts";
import type { Scene, SceneTools } from "./scene.ts";

const LIST = "messages.list";
const ABORTED = /ERR_|Failed to fetch|Failed to load resource/;
const TOPIC = "invoices.issued";

async function openList({ page, stack }: SceneTools, query = ""): Promise<void> {
  await page.goto(`${stack.consoleUrl}/messages${query}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
}

/** The list as soon as it has a row and its keys work. */
async function openRows(tools: SceneTools, query = ""): Promise<void> {
  await openList(tools, query);
  await tools.page.locator("tbody tr").first().waitFor();
  await tools.page.locator("[data-liveness=live]").first().waitFor({ state: "attached" });
}

/** Messages of one key, newest first, that no traffic beside them moves. */
async function openOwn(tools: SceneTools, count = 8): Promise<string[]> {
  const key = `customer-${randomUUID().slice(0, 8)}`;
  const sent = await tools.producer.sendMany(count, (n) => ({ key, businessKey: `ORD-${2000 + n}` }));
  await openRows(tools, `?key=${key}`);
  return sent
    .map(({ id }) => id)
    .toSorted()
    .toReversed();
}

/** One message in each state, and one that is held, so that every colour is looked at. */
async function sendEveryState({ producer, database }: SceneTools): Promise<void> {
  const sent = await producer.sendMany(
    9,
    (n) => ({ topic: TOPIC, key: `customer-${n}`, businessKey: `INV-${3000 + n}`, type: "invoice.issued" }),
    "billing",
  );
  const ids = sent.map(({ id }) => id);
  await settle(database, ids);
  const set = (index: number, assignment: string) =>
    database.query(`UPDATE message_state SET ${assignment} WHERE id = $1`, [ids[index]]);
  const unsent = "sent_at = NULL, broker_partition = NULL, broker_offset = NULL";
  await set(1, "state = 'CONSUMED'");
  await set(2, `state = 'CANCELLED', ${unsent}`);
  await set(3, `state = 'UNDECIDED', ${unsent}, moved_at = now(), reason = 'no answer in 8 check-backs'`);
  await set(
    4,
    `state = 'PREPARED', ${unsent}, decided_at = NULL, decided_by = NULL, check_at = now() + interval '1 hour'`,
  );
  await set(5, `state = 'SCHEDULED', ${unsent}, deliver_at = now() + interval '1 day'`);
  await set(6, `state = 'READY', held_at = now(), ${unsent}`);
  await set(7, `state = 'REJECTED', ${unsent}, reason = 'MESSAGE_TOO_LARGE: 1,204,112 bytes'`);
}

/** Waits until the relay has nothing to do with these any more. */
async function settle(database: SceneTools["database"], ids: string[]): Promise<void> {
  const unsent = "SELECT FROM message_state WHERE id = ANY($1::uuid[]) AND state <> 'SENT' LIMIT 1";
  for (;;) {
    const { rowCount } = await database.query(unsent, [ids]);
    if (rowCount === 0) return;
    await database.query("SELECT pg_sleep(0.05)");
  }
}

const firstChip = (page: Page) => page.locator("fieldset label").first();

export const scenes: Scene[] = [
  {
    name: "messages-every-state",
    open: async (tools) => {
      await sendEveryState(tools);
      await openRows(tools, `?topic=${TOPIC}`);
    },
  },
  {
    name: "messages-full",
    open: async (tools) => {
      await tools.producer.sendMany(120, (n) => ({ key: `customer-${n}`, businessKey: `ORD-${1000 + n}` }));
      await openRows(tools);
    },
  },
  {
    name: "messages-held-still",
    open: async (tools) => {
      await openOwn(tools, 60);
      const key = new URL(tools.page.url()).searchParams.get("key")!;
      await tools.page.mouse.wheel(0, 300);
      await tools.page.waitForFunction(() => window.scrollY > 100);
      await tools.producer.sendMany(3, () => ({ key }));
      await tools.page.locator("output button").first().waitFor();
    },
  },
  {
    name: "messages-peek",
    open: async (tools) => {
      const ids = await openOwn(tools);
      await tools.page.keyboard.press("j");
      await tools.page.keyboard.press("j");
      await tools.page.keyboard.press("p");
      await tools.page.locator("dialog", { hasText: ids[1]! }).locator("pre, code, ol").first().waitFor();
    },
  },
  {
    name: "messages-peek-gone",
    expectedErrors: /404/,
    open: async (tools) => {
      await openOwn(tools);
      await openRows(tools, `${new URL(tools.page.url()).search}&peek=01900000-0000-7000-8000-000000000000`);
      await tools.page.locator("dialog h2").first().waitFor();
    },
  },
  {
    name: "messages-selected",
    open: async (tools) => {
      await openOwn(tools);
      for (const press of ["j", "x", "j", "j", "x"]) await tools.page.keyboard.press(press);
      await tools.page.locator("tr[aria-selected=true]").nth(1).waitFor();
    },
  },
  {
    name: "messages-columns",
    open: async (tools) => {
      await openOwn(tools);
      const menu = tools.page.locator("thead button[aria-haspopup=dialog]");
      // A card has no columns to choose.
      if (!(await menu.isVisible())) return;
      await menu.click();
      await tools.page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "messages-time",
    open: async (tools) => {
      await openOwn(tools);
      await tools.page.locator("header button[aria-haspopup=dialog]:has(.tabler-icon-clock)").click();
      await tools.page.locator("[role=dialog] [data-dates-input]").first().waitFor();
    },
  },
  {
    name: "messages-keys",
    open: async (tools) => {
      await openOwn(tools);
      await tools.page.locator("#content button[aria-haspopup=dialog]:has(.tabler-icon-key)").click();
      await tools.page.locator("input[name=business]").waitFor();
    },
  },
  {
    name: "messages-filtered-empty",
    role: "viewer",
    open: async (tools) => {
      await openList(tools, "?topic=nothing.there&state=REJECTED");
      await tools.page.locator("h2").first().waitFor();
    },
  },
  {
    name: "messages-nothing-older",
    open: async (tools) => {
      await openList(tools, "?before=01900000-0000-7000-8000-000000000000");
      await tools.page.locator("h2").first().waitFor();
    },
  },
  {
    name: "messages-none-yet",
    open: async (tools) => {
      await answerWith(tools.page, LIST, () => ({ items: [], nextBefore: null, scanned: null }));
      await openList(tools);
      await tools.page.locator("#content pre").waitFor();
    },
  },
  {
    name: "messages-waiting",
    open: async (tools) => {
      await openOwn(tools);
      await tools.page.route(requestsOf(LIST), () => undefined);
      await firstChip(tools.page).click();
      await tools.page.locator("table[aria-busy=true]").waitFor();
    },
  },
  {
    name: "messages-failed",
    expectedErrors: ABORTED,
    open: async (tools) => {
      await openOwn(tools);
      await tools.page.route(requestsOf(LIST), (route) => route.abort());
      await firstChip(tools.page).click();
      await tools.page
        .getByRole("alert")
        .filter({ has: tools.page.locator("h2") })
        .waitFor();
    },
  },
];

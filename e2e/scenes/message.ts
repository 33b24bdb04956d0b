import type { Page } from "@playwright/test";
import type pg from "pg";
import { refuseMessage } from "../support/refuse-message.ts";
import { untilState } from "../support/until-state.ts";
import type { Scene, SceneTools } from "./scene.ts";

/** Nothing is found by its words: a scene is opened in every language. */
async function openMessage({ page, stack }: Pick<SceneTools, "page" | "stack">, id: string): Promise<void> {
  await page.goto(`${stack.consoleUrl}/messages/${id}`);
  await page.getByRole("heading", { level: 1 }).filter({ hasText: id }).waitFor();
  await page.locator("pre, [data-masked]").first().waitFor();
}

const RICH = {
  key: "customer-7",
  businessKey: "ORD-2026-0007",
  type: "shop.order.created",
  headers: { tenant: "north", source: "checkout" },
  payload: {
    order: 7,
    customer: { id: "customer-7", name: "王小明", vip: true },
    total: "128.40",
    lines: [
      { sku: "TEA-ASSAM-250", quantity: 2, price: 42.2 },
      { sku: "TIN-TALL-500", quantity: 1, price: 44.0 },
    ],
    note: null,
  },
};

/** Opens the dialog of the `n`th action in the header, whatever the language calls it. */
async function openAction(page: Page, n: number): Promise<void> {
  await page.locator("[data-message-action]").nth(n).click();
  await page.getByRole("dialog").getByRole("textbox").waitFor();
}

/** A sent message's life as it is written after a resend, a refusal and an operator's look. */
async function giveHistory(database: pg.Client, id: string): Promise<void> {
  const note = (kind: string, actor: string, detail: object, minutes: number) =>
    database.query(
      "INSERT INTO message_event (message_id, at, kind, actor, detail) VALUES ($1, now() + $5 * interval '1 minute', $2, $3, $4)",
      [id, kind, actor, JSON.stringify(detail), minutes],
    );
  await note("resend_asked", "admin", { reason: "the search index lost it", from: "SENT", attempt: 2 }, 4);
  await note("resend_sent", "relay", { attempt: 2, partition: 1, offset: "48213", askedBy: "admin" }, 5);
  await note("resend_asked", "admin", { reason: "shipping asked for it", from: "SENT", attempt: 3 }, 9);
  await note("resend_refused", "relay", { attempt: 3, reason: "MESSAGE_TOO_LARGE", askedBy: "admin" }, 10);
  await database.query("UPDATE message_state SET attempt = 3 WHERE id = $1", [id]);
}

export const scenes: Scene[] = [
  {
    name: "message-sent",
    open: async (tools) => {
      const { id } = await tools.producer.prepare(RICH);
      await tools.producer.send(
        { ...RICH, topic: "invoices.issued", type: "shop.invoice.issued" },
        "billing",
      );
      await tools.producer.confirm(id);
      await untilState(tools.database, id, "SENT");
      await openMessage(tools, id);
    },
  },
  {
    name: "message-sent-again",
    open: async (tools) => {
      const { id } = await tools.producer.send(RICH);
      await untilState(tools.database, id, "SENT");
      await giveHistory(tools.database, id);
      await openMessage(tools, id);
    },
  },
  {
    name: "message-prepared",
    role: "operator",
    open: async (tools) => {
      const { id } = await tools.producer.prepare(RICH);
      await openMessage(tools, id);
    },
  },
  {
    name: "message-viewer",
    role: "viewer",
    open: async (tools) => {
      const { id } = await tools.producer.prepare(RICH);
      await openMessage(tools, id);
      await tools.page.locator("[data-message-action]").first().focus();
      await tools.page.getByRole("tooltip").waitFor();
    },
  },
  {
    name: "message-scheduled",
    open: async (tools) => {
      const deliverAt = new Date(Date.now() + 3_600_000).toISOString();
      const { id } = await tools.producer.send({ ...RICH, deliverAt });
      await openMessage(tools, id);
    },
  },
  {
    name: "message-cancelled",
    open: async (tools) => {
      const { id } = await tools.producer.prepare(RICH);
      await tools.producer.cancel(id);
      await openMessage(tools, id);
    },
  },
  {
    name: "message-rejected",
    open: async (tools) => {
      const { id } = await tools.producer.prepare(RICH);
      await refuseMessage(tools.stack.databaseUrl, id, "MESSAGE_TOO_LARGE");
      await openMessage(tools, id);
    },
  },
  {
    name: "message-confirm",
    open: async (tools) => {
      const { id } = await tools.producer.prepare(RICH);
      await openMessage(tools, id);
      await openAction(tools.page, 0);
    },
  },
  {
    name: "message-cancel",
    open: async (tools) => {
      const { id } = await tools.producer.prepare(RICH);
      await openMessage(tools, id);
      await openAction(tools.page, 1);
    },
  },
  {
    name: "message-resend",
    open: async (tools) => {
      const { id } = await tools.producer.send(RICH);
      await untilState(tools.database, id, "SENT");
      await openMessage(tools, id);
      await openAction(tools.page, 0);
    },
  },
  {
    name: "message-lost-race",
    open: async (tools) => {
      const { page, producer } = tools;
      const { id } = await producer.prepare(RICH);
      await openMessage(tools, id);
      await openAction(page, 1);
      await page.getByRole("dialog").getByRole("textbox").fill("the order was never paid");
      await page.route(/messages\.decide/, async (route) => {
        await producer.confirm(id);
        await route.continue();
      });
      await page.getByRole("dialog").locator("button[type=submit]").click();
      await page.locator("[data-outcome]").waitFor();
    },
  },
  {
    name: "message-masked",
    open: async (tools) => {
      const { id } = await tools.producer.send({ topic: "salaries.paid", payload: { amount: 4200 } });
      await openMessage(tools, id);
    },
  },
  {
    name: "message-unmasked",
    open: async (tools) => {
      const { id } = await tools.producer.send({ topic: "salaries.paid", payload: { amount: 4200 } });
      await openMessage(tools, id);
      await tools.page.locator("[data-masked] button").click();
      await tools.page.getByRole("timer").waitFor();
    },
  },
  {
    name: "message-payload-found",
    open: async (tools) => {
      const { id } = await tools.producer.send(RICH);
      await openMessage(tools, id);
      await tools.page.getByRole("searchbox").fill("sku");
      await tools.page.locator("mark[data-current]").waitFor();
    },
  },
  {
    name: "message-payload-hex",
    open: async (tools) => {
      const { id } = await tools.producer.send({
        payloadBase64: Buffer.alloc(4096, Buffer.from([0x00, 0xff, 0x41, 0x7f, 0xe4, 0xb8, 0xad])).toString(
          "base64",
        ),
        contentType: "application/octet-stream",
      });
      await openMessage(tools, id);
      await tools.page.getByRole("searchbox").fill("e4 b8 ad");
      await tools.page.locator("mark[data-current]").first().waitFor();
    },
  },
  {
    name: "message-error",
    expectedErrors: /50[03]/,
    open: async (tools) => {
      const { page, stack, producer, database } = tools;
      const { id } = await producer.send();
      await database.query("ALTER TABLE message_event RENAME TO message_event_away");
      try {
        await page.goto(`${stack.consoleUrl}/messages/${id}`);
        await page.locator("main h2").waitFor();
      } finally {
        await database.query("ALTER TABLE message_event_away RENAME TO message_event");
      }
    },
  },
  {
    name: "message-loading",
    open: async ({ page, stack, producer, database }) => {
      const { id } = await producer.send();
      await page.goto(`${stack.consoleUrl}/messages`);
      const link = page.locator(`a[href*="${id}"]`).first();
      await link.waitFor();
      // The store keeps the page waiting: meanwhile the message's shape stands there.
      await database.query("BEGIN");
      await database.query("LOCK TABLE message_event");
      await link.click();
      await page.locator("[data-skeleton]").waitFor();
    },
    close: async ({ database }) => {
      await database.query("ROLLBACK");
    },
  },
  {
    name: "message-not-found",
    expectedErrors: /404/,
    open: async ({ page, stack }) => {
      await page.goto(`${stack.consoleUrl}/messages/0193a000-0000-7000-8000-000000000000`);
      await page.getByRole("heading", { level: 1 }).waitFor();
    },
  },
];

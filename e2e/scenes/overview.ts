import type { Page, Route } from "@playwright/test";
import type { Scene, SceneTools } from "./scene.ts";

interface Overview {
  begun: { app: boolean; topic: boolean; key: boolean; message: boolean };
  health: { verdict: string; problems: unknown[] };
}

const READ = /\/api\/trpc\/[^?]*overview\.read/;
const TOPIC = "scene.missing";

/** The present answer, changed: states that a running installation cannot be brought into. */
async function answerWith(page: Page, change: (overview: Overview) => void): Promise<void> {
  await page.route(READ, async (route: Route) => {
    const response = await route.fetch();
    const names = new URL(route.request().url()).pathname.split("/").at(-1)!.split(",");
    const results = (await response.json()) as { result: { data: { json: Overview } } }[];
    change(results[names.indexOf("overview.read")]!.result.data.json);
    await route.fulfill({ response, json: results });
  });
}

async function openRoom({ page, stack }: SceneTools, address = "/overview"): Promise<void> {
  await page.goto(stack.consoleUrl + address);
  await page.locator("[data-verdict]").waitFor();
}

const chart = (page: Page) => page.locator(".recharts-surface").first().waitFor();

export const scenes: Scene[] = [
  {
    name: "overview-present",
    open: async (tools) => {
      await tools.producer.send();
      await openRoom(tools);
      await chart(tools.page);
    },
  },
  {
    name: "overview-well",
    open: async (tools) => {
      await answerWith(tools.page, ({ health }) => Object.assign(health, { verdict: "well", problems: [] }));
      await openRoom(tools);
      await tools.page.locator("[data-verdict=well]").waitFor();
      await chart(tools.page);
    },
  },
  {
    name: "overview-trouble",
    role: "viewer",
    open: async (tools) => {
      const { database, producer, page } = tools;
      await database.query(
        `INSERT INTO topic (name, partitions) VALUES ($1, 1) ON CONFLICT (name) DO NOTHING`,
        [TOPIC],
      );
      await producer.send({ topic: TOPIC }, "billing");
      const { id } = await producer.prepare({ topic: "invoices.issued" }, "billing");
      await database.query(
        "UPDATE message_state SET check_at = now() - interval '12 minutes' WHERE id = $1",
        [id],
      );
      await openRoom(tools, "/overview?span=hour&by=app");
      await page.locator("[data-problem=topic_fault]").first().waitFor();
      await page.locator("[data-problem=prepared_overdue]").first().waitFor();
    },
  },
  {
    name: "overview-as-table",
    open: async (tools) => {
      await openRoom(tools, "/overview?span=hour");
      await chart(tools.page);
      await tools.page.getByRole("switch").click();
      await tools.page.getByRole("columnheader").first().waitFor();
    },
  },
  {
    name: "overview-empty",
    open: async (tools) => {
      await answerWith(tools.page, (overview) => {
        overview.begun = { app: true, topic: true, key: false, message: false };
        overview.health = { verdict: "well", problems: [] };
      });
      await tools.page.goto(`${tools.stack.consoleUrl}/overview`);
      await tools.page.locator("#first-steps").waitFor();
    },
  },
  {
    name: "overview-error",
    expectedErrors: /503|Failed to load/,
    open: async (tools) => {
      await tools.page.route(READ, (route) => route.fulfill({ status: 503, body: "" }));
      await openRoom(tools);
      await tools.page.getByRole("alert").first().waitFor();
    },
  },
];

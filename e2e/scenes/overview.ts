import type { Page } from "@playwright/test";
import { answerWith, requestsOf } from "../support/answer-with.ts";
import type { Scene, SceneTools } from "./scene.ts";

interface Overview {
  begun: { app: boolean; topic: boolean; key: boolean; message: boolean };
  health: { verdict: string; problems: unknown[] };
}

const READ = "overview.read";
const FAULTY_TOPIC = "salaries.paid";
let overdue: string | undefined;

async function openRoom({ page, stack }: SceneTools, address = "/overview"): Promise<void> {
  await page.goto(stack.consoleUrl + address);
  await page.locator("[data-verdict]").filter({ visible: true }).waitFor();
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
      await answerWith<Overview>(tools.page, READ, (overview) => {
        overview.health = { verdict: "well", problems: [] };
      });
      await openRoom(tools);
      await tools.page.locator("[data-verdict=well]").filter({ visible: true }).waitFor();
      await chart(tools.page);
    },
  },
  {
    name: "overview-trouble",
    role: "viewer",
    open: async (tools) => {
      const { database, producer, page } = tools;
      await database.query(
        `UPDATE topic SET fault_code = 'topic_missing', fault_since = now() - interval '7 minutes',
           fault_detail = 'UNKNOWN_TOPIC_OR_PARTITION: the broker has no topic ' || name WHERE name = $1`,
        [FAULTY_TOPIC],
      );
      const { id } = await producer.prepare({ topic: "invoices.issued" }, "billing");
      await database.query(
        "UPDATE message_state SET check_at = now() - interval '12 minutes' WHERE id = $1",
        [id],
      );
      overdue = id;
      await openRoom(tools, "/overview?span=hour&by=app");
      await page.locator("[data-problem=topic_fault]").first().waitFor();
      await page.locator("[data-problem=prepared_overdue]").first().waitFor();
    },
    close: async ({ database, producer }) => {
      await database.query(
        "UPDATE topic SET fault_code = NULL, fault_detail = NULL, fault_since = NULL WHERE name = $1",
        [FAULTY_TOPIC],
      );
      if (overdue !== undefined) await producer.cancel(overdue, "billing");
      overdue = undefined;
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
      await answerWith<Overview>(tools.page, READ, (overview) => {
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
      await tools.page.route(requestsOf(READ), (route) => route.fulfill({ status: 503, body: "" }));
      await openRoom(tools);
      await tools.producer.send(); // what comes in has the page read again
      await tools.page.locator("main [role=alert]").first().waitFor();
    },
  },
];

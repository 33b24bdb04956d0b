import type pg from "pg";
import { answerWith } from "../support/answer-with.ts";
import { CARRIER_AWAY, NO_WEIGHT, PARCELS, clearParcels, leaveParcels } from "../support/parcels.ts";
import type { Scene, SceneTools } from "./scene.ts";

/** Failures as a day would leave them: the charts have more than one bar. */
async function spreadOverTheDay(database: pg.Client): Promise<void> {
  await database.query(
    `INSERT INTO failure_flow (group_id, minute, failures)
     SELECT g.id, date_bin('1 minute', now(), timestamptz 'epoch') - n * interval '37 minutes', 1 + (n * n) % 7
     FROM failure_group g JOIN subscription x ON x.id = g.subscription_id JOIN topic t ON t.id = x.topic_id,
          generate_series(1, 30) AS n
     WHERE t.name = $1 ON CONFLICT DO NOTHING`,
    [PARCELS],
  );
  await database.query(
    `UPDATE failure_group g SET first_at = now() - interval '19 hours', failures = 1284
     FROM subscription x JOIN topic t ON t.id = x.topic_id WHERE x.id = g.subscription_id AND t.name = $1`,
    [PARCELS],
  );
}

function failing(scene: Omit<Scene, "open" | "close">, open: (tools: SceneTools) => Promise<void>): Scene {
  return {
    ...scene,
    open: async (tools) => {
      await clearParcels(tools);
      await leaveParcels(tools, 3, NO_WEIGHT);
      await leaveParcels(tools, 2, CARRIER_AWAY);
      await spreadOverTheDay(tools.database);
      await open(tools);
    },
    close: clearParcels,
  };
}

async function openRows({ page, stack }: SceneTools, query = ""): Promise<void> {
  await page.goto(`${stack.consoleUrl}/failures${query}`);
  await page.locator("[data-key]").first().waitFor();
}

async function openGroup(tools: SceneTools, query?: string): Promise<void> {
  await openRows(tools, query);
  const href = await tools.page
    .locator("tr", { hasText: "ValidationError" })
    .getByRole("link")
    .first()
    .getAttribute("href");
  await tools.page.goto(tools.stack.consoleUrl + href);
  await tools.page.locator("[data-why]").waitFor();
}

const note = (database: pg.Client) =>
  database.query(
    `UPDATE failure_group SET note = E'The scale in Tromsø sends 0 when it is switched off.\\nTICKET-4711', noted_by = 'admin',
       ignored_at = now() - interval '2 hours', ignored_by = 'admin', ignore_until_per_minute = 50
     WHERE error_type = 'ValidationError'`,
  );

export const scenes: Scene[] = [
  failing({ name: "failures-full", role: "operator" }, async (tools) => {
    await note(tools.database);
    await openRows(tools, "?show=all");
  }),
  failing({ name: "failures-by-error" }, (tools) => openRows(tools, "?by=error&span=hour")),
  failing({ name: "failures-group", role: "operator" }, (tools) => openGroup(tools)),
  failing({ name: "failures-group-ignored", role: "viewer" }, async (tools) => {
    await note(tools.database);
    await openGroup(tools, "?show=ignored");
    await tools.page.locator("main [data-action=ignore-group]").focus();
    await tools.page.getByRole("tooltip").waitFor();
  }),
  failing({ name: "failures-ignore", role: "operator" }, async (tools) => {
    await openGroup(tools);
    await tools.page.locator("main [data-action=ignore-group]").click();
    await tools.page.getByRole("dialog").getByRole("textbox").last().waitFor();
  }),
  failing({ name: "failures-redrive-all", role: "operator" }, async (tools) => {
    await openGroup(tools);
    await tools.page.locator("main [data-action=redrive-all]").click();
    await tools.page.getByRole("dialog").getByRole("textbox").waitFor();
  }),
  {
    name: "failures-none",
    open: async (tools) => {
      await answerWith(tools.page, "failures.list", () => ({ items: [], more: false }));
      await tools.page.goto(`${tools.stack.consoleUrl}/overview`);
      await tools.page.locator("a[href='/failures']").first().waitFor({ state: "attached" });
      await tools.page.goto(`${tools.stack.consoleUrl}/failures?span=hour`);
      await tools.page.locator("main h2").first().waitFor();
    },
  },
];

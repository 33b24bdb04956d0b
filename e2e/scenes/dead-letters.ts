import { answerWith, requestsOf } from "../support/answer-with.ts";
import {
  CARRIER_AWAY,
  NO_WEIGHT,
  PARCELS,
  TRACKING,
  clearParcels,
  leaveParcels,
  say,
  sendParcels,
} from "../support/parcels.ts";
import type { Scene, SceneTools } from "./scene.ts";

/** Of no message that there is. */
const NO_MESSAGE = "01900000-0000-7000-8000-000000000000";
const OURS = `subscription=${PARCELS}/${TRACKING}`;

async function openRoom({ page, stack }: SceneTools, query = `?${OURS}`): Promise<void> {
  await page.goto(`${stack.consoleUrl}/dead-letters${query}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
}

async function openRows(tools: SceneTools, query?: string): Promise<void> {
  await openRoom(tools, query);
  await tools.page.locator("[data-key]").first().waitFor();
  await tools.page.locator("[data-liveness=live]").first().waitFor({ state: "attached" });
}

/** A scene in front of dead letters of two kinds, one that went well before, and one that is to be retried. */
function dead(
  scene: Omit<Scene, "open" | "close">,
  open: (tools: SceneTools, ids: string[]) => Promise<void>,
): Scene {
  return {
    ...scene,
    open: async (tools) => {
      await clearParcels(tools);
      const good = await sendParcels(tools, 1, 1250);
      await say(tools, good, { outcome: "acked" });
      const ids = await leaveParcels(tools, 3, NO_WEIGHT);
      await leaveParcels(tools, 1, CARRIER_AWAY);
      await open(tools, ids);
    },
    close: clearParcels,
  };
}

const dialog = ({ page }: SceneTools) => page.getByRole("dialog");

export const scenes: Scene[] = [
  dead({ name: "dead-letters-full", role: "operator" }, (tools) => openRows(tools)),
  dead({ name: "dead-letters-waiting" }, (tools) => openRows(tools, `?state=WAITING&${OURS}`)),
  dead({ name: "dead-letters-viewer", role: "viewer" }, async (tools) => {
    await openRows(tools);
    await tools.page.locator("main [data-action=redrive-all][aria-disabled=true]").waitFor();
  }),
  dead({ name: "dead-letters-peek", role: "operator" }, async (tools) => {
    await openRows(tools);
    await tools.page.keyboard.press("j");
    await tools.page.keyboard.press("p");
    await tools.page.locator("dialog [data-payload-diff]").waitFor();
    await tools.page.locator("dialog [data-unfold]").first().click();
  }),
  dead({ name: "dead-letters-redrive-selected", role: "operator" }, async (tools) => {
    await openRows(tools);
    for (const key of ["j", "x", "j", "x"]) await tools.page.keyboard.press(key);
    await tools.page.locator("main [data-action=redrive-selected]").click();
    await dialog(tools).getByRole("textbox").waitFor();
  }),
  dead({ name: "dead-letters-redrive-progress", role: "operator" }, async (tools) => {
    const { page } = tools;
    await answerWith(page, "deliveries.count", () => ({ count: 4210, capped: false }));
    let step = 0;
    // Two steps are answered as if each had worked on its fill; the third is still at work.
    await page.route(requestsOf("deliveries.redrive"), async (route) => {
      step += 1;
      if (step > 2) return;
      const last = { messageId: NO_MESSAGE, subscriptionId: 1 };
      await route.fulfill({
        json: [{ result: { data: { json: { done: 498, untouched: 2, more: true, last } } } }],
      });
    });
    await openRows(tools);
    await page.locator("main [data-action=redrive-all]", { hasText: "4,210" }).click();
    await dialog(tools).getByRole("textbox").fill("the scale is mended");
    await dialog(tools).locator("button[type=submit]").click();
    await dialog(tools).locator("[data-acted='1000'] [data-action=abort]").waitFor();
  }),
  dead({ name: "dead-letters-discard-all" }, async (tools) => {
    await openRows(tools);
    await tools.page.locator("main [data-action=discard-all]").click();
    await dialog(tools).getByRole("textbox").waitFor();
  }),
  {
    name: "dead-letters-none",
    open: async (tools) => {
      await answerWith(tools.page, "deliveries.list", () => ({ items: [], next: null, scanned: null }));
      await openRoom(tools);
      await tools.page.locator("main h2").first().waitFor();
    },
  },
  dead(
    { name: "dead-letters-failed", expectedErrors: /ERR_|Failed to fetch|Failed to load resource/ },
    async (tools) => {
      await openRows(tools);
      await tools.page.route(requestsOf("deliveries.list"), (route) => route.abort());
      await tools.page.locator("fieldset label").last().click();
      await tools.page
        .getByRole("alert")
        .filter({ has: tools.page.locator("h2") })
        .waitFor();
    },
  ),
  dead({ name: "message-dead-letter", role: "operator" }, async (tools, [id]) => {
    await tools.page.goto(`${tools.stack.consoleUrl}/messages/${id}`);
    await tools.page.locator("main [data-action=redrive]").waitFor();
  }),
  dead({ name: "message-edit", role: "operator" }, async (tools, [id]) => {
    await tools.page.goto(`${tools.stack.consoleUrl}/messages/${id}/edit`);
    const editor = tools.page.locator("main textarea").first();
    await editor.fill((await editor.inputValue()).replace('"weightGrams": 0', '"weightGrams": 1'));
    await tools.page.locator("[data-schema=ok]").waitFor();
  }),
  dead({ name: "message-edit-send", role: "operator" }, async (tools, [id]) => {
    await tools.page.goto(`${tools.stack.consoleUrl}/messages/${id}/edit`);
    const editor = tools.page.locator("main textarea").first();
    await editor.fill((await editor.inputValue()).replace('"weightGrams": 0', '"weightGrams": 1'));
    await tools.page.locator("main [data-action=send-edited]").click();
    await dialog(tools).getByRole("textbox").last().waitFor();
  }),
];

import {
  NO_WEIGHT,
  PARCELS,
  TRACKING,
  clearParcels,
  leaveParcels,
  say,
  sendParcels,
  untilDelivered,
} from "./support/parcels.ts";
import { expect, test } from "./support/fixtures.ts";

const OURS = `/dead-letters?subscription=${PARCELS}/${TRACKING}`;

test.beforeEach(({ stack, database }) => clearParcels({ stack, database }));

test("from a dead letter on the overview to its repair: why it failed, what is different, redriven and done", async ({
  page,
  stack,
  database,
}) => {
  const tools = { stack, database };
  const [good] = await sendParcels(tools, 1, 1250);
  await say(tools, [good!], { outcome: "acked" });
  const [id] = await leaveParcels(tools, 1, NO_WEIGHT);

  await page.goto("/overview");
  const problem = page.locator("[data-problem=dead_letters]", { hasText: TRACKING });
  await expect(problem).toContainText(`${TRACKING} has given up messages of ${PARCELS}`);
  await expect(problem).toContainText("1 message");
  await problem.getByRole("link").click();
  await expect(page).toHaveURL(new RegExp(`/dead-letters\\?subscription=`));

  await expect(page.getByRole("row", { name: new RegExp(id!) })).toContainText("ValidationError");
  await page.keyboard.press("j");
  await page.keyboard.press("p");
  const panel = page.locator("dialog");
  await expect(panel.locator("[data-failure]")).toContainText(
    "weightGrams must be a positive integer, got 0",
  );
  await panel.locator("[data-failure] [data-unfold]").click();
  await expect(panel.locator("[data-failure] pre")).toContainText("at weigh (/srv/tracking/weigh.js:18:11)");
  const difference = panel.locator("[data-payload-diff]");
  await expect(difference).toContainText(good!);
  await expect(difference.locator("del", { hasText: "1250" })).toBeVisible();
  await expect(difference.locator("ins", { hasText: '"weightGrams": 0' })).toBeVisible();

  await panel.getByRole("button", { name: "Redrive…" }).click();
  const dialog = page.getByRole("dialog", { name: "Deliver it anew" });
  await expect(dialog).toContainText("goes to this subscription alone");
  await dialog.getByLabel("Reason").fill("the scale is repaired");
  await dialog.getByRole("button", { name: "Redrive", exact: true }).click();
  await expect(page.getByText("1 delivery is on its way again.")).toBeVisible();
  await untilDelivered(tools, [id!], "PENDING");
  await say(tools, [id!], { outcome: "acked" });
  await expect(panel.locator("[data-attempt=redriven]")).toContainText("“the scale is repaired”");

  await page.goto(`/messages/${id}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Consumed");
  const consumers = page.getByRole("region", { name: "Consumers" });
  await expect(consumers).toContainText("Acknowledged");
  await expect(consumers).toContainText("sent off anew once");
  const times = page.getByRole("region", { name: "What happened" });
  await expect(times).toContainText(`${TRACKING} rejected attempt 1 for good`);
  const { rows } = await database.query(
    "SELECT action, reason FROM audit_log WHERE target_kind = 'delivery' AND target_id LIKE $1 || '%' ORDER BY id",
    [id],
  );
  expect(rows).toEqual([{ action: "delivery.redrive", reason: "the scale is repaired" }]);
});

test("everything that matches a filter: says how many, and discards them with progress", async ({
  page,
  stack,
  database,
}) => {
  const ids = await leaveParcels({ stack, database }, 7, NO_WEIGHT);
  await page.goto(OURS);
  await page.getByRole("button", { name: "Discard all 7…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("All deliveries that match are discarded: 7 deliveries.");
  await expect(dialog).toContainText("This cannot be undone.");
  await dialog.getByRole("button", { name: "Discard all" }).click();
  await expect(dialog).toContainText("At least 3 characters");
  await dialog.getByLabel("Reason").fill("a test batch");
  await dialog.getByRole("button", { name: "Discard all" }).click();
  await expect(page.getByText("7 deliveries are discarded.")).toBeVisible();
  await untilDelivered({ stack, database }, ids, "DISCARDED");
  await expect(page.getByRole("heading", { name: "No dead letters" })).toBeVisible();
  await page.getByText("Discarded", { exact: true }).click();
  await expect(page.getByRole("row", { name: new RegExp(ids[0]!) })).toBeVisible();
});

test("what dies while a reason is typed is not among all that are discarded", async ({
  page,
  stack,
  database,
}) => {
  const tools = { stack, database };
  const counted = await leaveParcels(tools, 3, NO_WEIGHT);
  await page.goto(OURS);
  await page.getByRole("button", { name: "Discard all 3…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("3 deliveries");
  const later = await leaveParcels(tools, 2, NO_WEIGHT);
  await expect(page.getByText("Discard all 5…")).toBeAttached();
  await dialog.getByLabel("Reason").fill("a test batch");
  await dialog.getByRole("button", { name: "Discard all" }).click();
  await expect(page.getByText("3 deliveries are discarded.")).toBeVisible();
  await untilDelivered(tools, counted, "DISCARDED");
  await untilDelivered(tools, later, "DEAD");
});

test("a selection stands still while others come, and only it is redriven", async ({
  page,
  stack,
  database,
}) => {
  const tools = { stack, database };
  const [first, second] = await leaveParcels(tools, 2, NO_WEIGHT);
  await page.goto(OURS);
  const row = (id: string) => page.locator(`tr[data-key^="${id}"]`);
  await row(first!).getByRole("checkbox").check();
  const [third] = await leaveParcels(tools, 1, NO_WEIGHT);
  await expect(page.getByRole("button", { name: "1 new" })).toBeVisible();
  await expect(row(third!)).toHaveCount(0);
  await page.getByRole("button", { name: "Redrive it…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("this one alone");
  await dialog.getByRole("button", { name: "Redrive", exact: true }).click();
  await untilDelivered(tools, [first!], "PENDING");
  await untilDelivered(tools, [second!, third!], "DEAD");
});

test("an edited payload fits the schema, goes out under the same id, and keeps its history", async ({
  page,
  stack,
  database,
}) => {
  const tools = { stack, database };
  const [id] = await leaveParcels(tools, 1, NO_WEIGHT);
  await page.goto(`/messages/${id}`);
  await page.getByRole("button", { name: "Edit and resend…" }).click();
  await expect(page).toHaveURL(`/messages/${id}/edit`);
  const editor = page.getByRole("textbox", { name: "Payload" });
  await expect(page.locator("[data-schema=bad]")).toContainText("/weightGrams");
  await editor.fill((await editor.inputValue()).replace('"weightGrams": 0', '"weightGrams": 1180'));
  await expect(page.locator("[data-schema=ok]")).toBeVisible();
  await expect(page.locator("ins", { hasText: "1180" })).toBeVisible();
  await page.getByRole("button", { name: "Send…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("remembers ids in an inbox");
  await dialog.getByLabel("Reason").fill("weighed again by hand");
  await dialog.getByRole("button", { name: "Send it" }).click();
  await expect(page.getByText("Version 2 is on its way.")).toBeVisible();
  await untilDelivered(tools, [id!], "PENDING");
  await page.goto(`/messages/${id}/edit`);
  const versions = page.getByRole("region", { name: "Versions" });
  await expect(versions.getByRole("row", { name: /weighed again by hand/ })).toContainText("In the editor");
  await versions.getByRole("button", { name: "Begin with this one" }).click();
  await expect(editor).toHaveValue(/"weightGrams": 0/);
});

test("a new message is made of one as it is, linked both ways", async ({ page, stack, database }) => {
  const tools = { stack, database };
  const [id] = await leaveParcels(tools, 1, NO_WEIGHT);
  await page.goto(`/messages/${id}`);
  await page.getByRole("button", { name: "Send again…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("skips it if it has handled it already");
  await dialog.getByRole("link", { name: "send it as a new message" }).click();
  await expect(page.getByText("It does not fit the topic’s schema")).toBeVisible();
  const send = page.getByRole("button", { name: "Send…" });
  await expect(send).toHaveAttribute("aria-disabled", "true");
  await page.getByRole("radio", { name: "A new message" }).check();
  await send.click();
  await expect(dialog).toContainText("handles it as something new");
  await dialog.getByLabel("Reason").fill("to be handled once more");
  await dialog.getByRole("button", { name: "Send it" }).click();
  await expect(page.getByText("The new message is on its way.")).toBeVisible();
  await expect(page).not.toHaveURL(new RegExp(id!));
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/[0-9a-f]{8}-/);
  const { rows } = await database.query<{ same: boolean }>(
    "SELECT made.payload = m.payload AS same FROM message made, message m WHERE made.id = $1 AND m.id = $2",
    [new URL(page.url()).pathname.split("/").at(-1), id],
  );
  expect(rows).toEqual([{ same: true }]);
  await page.getByRole("link", { name: id!, exact: true }).first().click();
  await expect(page).toHaveURL(`/messages/${id}`);
  await expect(page.getByText("admin made another message of it")).toBeVisible();
});

test("failures of one cause are one group: why, its note, and it is ignored until it fails more often", async ({
  page,
  stack,
  database,
}) => {
  await leaveParcels({ stack, database }, 3, NO_WEIGHT);
  await page.goto("/failures?span=hour");
  const row = page.getByRole("row", { name: /ValidationError/ });
  await expect(row).toContainText("parcel <text>: weightGrams must be a positive integer, got <number>");
  await expect(row).toContainText("3");
  await row.getByRole("link").first().click();
  const why = page.locator("[data-why]");
  await expect(why).toContainText("What was taken out of it");
  await expect(why.getByRole("listitem").filter({ hasText: '"P-3"' })).toContainText("quoted text");
  await page.getByRole("button", { name: "Note…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Note").fill("The scale was off.");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("note")).toContainText("The scale was off.");
  await page.getByRole("button", { name: "Ignore…" }).click();
  await dialog.getByLabel("Until it fails more often than").fill("100");
  await dialog.getByLabel("Reason").fill("known, mended on Monday");
  await dialog.getByRole("button", { name: "Ignore it" }).click();
  await expect(page.getByText("Until it fails more than 100 times a minute.")).toBeVisible();
  await page.goto("/failures?span=hour");
  await expect(row).toBeHidden();
  await page.getByText("Ignored", { exact: true }).click();
  await expect(row).toBeVisible();
  await page.goto("/failures?span=hour&show=all&by=subscription");
  await expect(page.getByRole("row", { name: new RegExp(`${PARCELS}/${TRACKING}`) })).toContainText("3");
});

test("a group's deliveries are redriven together", async ({ page, stack, database }) => {
  const ids = await leaveParcels({ stack, database }, 4, NO_WEIGHT);
  await page.goto("/failures?span=hour");
  await page
    .getByRole("row", { name: /ValidationError/ })
    .getByRole("link")
    .first()
    .click();
  await page.getByRole("button", { name: "Redrive all 4…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("the scale is repaired");
  await dialog.getByRole("button", { name: "Redrive all" }).click();
  await expect(page.getByText("4 deliveries are on their way again.")).toBeVisible();
  await untilDelivered({ stack, database }, ids, "PENDING");
});

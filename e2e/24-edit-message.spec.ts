import type { Locator, Page } from "@playwright/test";
import type pg from "pg";
import { storeVersion } from "../server/store/message-versions.ts";
import { requestsOf } from "./support/answer-with.ts";
import { expect, test } from "./support/fixtures.ts";
import { NO_WEIGHT, clearParcels, leaveParcels } from "./support/parcels.ts";
import { untilState } from "./support/until-state.ts";

const editorOf = (page: Page) => page.getByRole("textbox", { name: "Payload" });
const send = (page: Page) => page.getByRole("button", { name: "Send…" });

/** Fills in why and sends. @returns the dialog */
async function sendIt(page: Page, reason: string): Promise<Locator> {
  await send(page).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByRole("button", { name: "Send it" }).click();
  return dialog;
}

const bytesOf = async (database: pg.Client, id: string, version: number) =>
  (
    await database.query<{ payload: Buffer }>(
      version === 1
        ? "SELECT payload FROM message WHERE id = $1 AND $2 = 1"
        : "SELECT payload FROM message_version WHERE message_id = $1 AND version = $2",
      [id, version],
    )
  ).rows[0]?.payload.toString();

test("what was never sent is not edited, also not by its address", async ({ page, producer }) => {
  const { id } = await producer.prepare();
  await page.goto(`/messages/${id}/edit`);
  await expect(page.getByText("It was never sent: there is nothing to send anew.")).toBeVisible();
  await expect(editorOf(page)).toHaveCount(0);
  await producer.confirm(id);
  await expect(editorOf(page)).toBeVisible();
});

test("a colleague's version in between is named, and what was typed stays", async ({
  page,
  producer,
  database,
}) => {
  const { id } = await producer.send({ topic: "salaries.paid", payload: { amount: 4200 } });
  await untilState(database, id, "SENT");
  await page.goto(`/messages/${id}/edit`);
  await editorOf(page).fill('{ "amount": 4300 }');
  await storeVersion(database, {
    messageId: id,
    basedOn: 1,
    contentType: "application/json",
    headers: "{}",
    payload: Buffer.from('{"amount":1}'),
    editedBy: "bob",
    reason: "to be there first",
    note: null,
  });
  const dialog = await sendIt(page, "a typing error");
  await expect(dialog.getByRole("alert", { name: "bob made version 2 meanwhile" })).toBeVisible();
  await expect(editorOf(page)).toHaveValue('{ "amount": 4300 }');
  await expect(page.getByRole("row", { name: /to be there first/ })).toBeVisible();
  await dialog.getByRole("button", { name: "Send it" }).click();
  await expect(page.getByText("Version 3 is on its way.")).toBeVisible();
  expect(await bytesOf(database, id, 3)).toBe('{"amount":4300}');
  const { rows } = await database.query(
    "SELECT after FROM audit_log WHERE action = 'message.unmask' AND target_id = $1",
    [id],
  );
  expect(rows).toEqual([{ after: { version: 1 } }]);
});

test("dead letters that are gone meanwhile: the page says so, and claims nothing that was not done", async ({
  page,
  stack,
  database,
}) => {
  const tools = { stack, database };
  await clearParcels(tools);
  const [id] = await leaveParcels(tools, 1, NO_WEIGHT);
  await page.goto(`/messages/${id}/edit`);
  await editorOf(page).fill('{"parcel":"P-1","weightGrams":1180}');
  // The page cannot learn of it before it has sent.
  let tell = () => {};
  const told = new Promise<void>((resolve) => (tell = resolve));
  await page.route(requestsOf("messages.read"), async (route) => {
    await told;
    await route.fallback();
  });
  await clearParcels(tools);
  const answered = page.waitForResponse(requestsOf("messages.edit"));
  await sendIt(page, "weighed again");
  await answered;
  tell();
  await expect(page.getByText("Version 2 is stored; nothing was sent.")).toBeVisible();
  await expect(page).toHaveURL(`/messages/${id}`);

  const [other] = await leaveParcels(tools, 1, NO_WEIGHT);
  await page.goto(`/messages/${other}/edit`);
  await editorOf(page).fill('{"parcel":"P-1","weightGrams":1180}');
  await expect(send(page)).not.toHaveAttribute("aria-disabled", "true");
  await clearParcels(tools);
  await expect(send(page)).toHaveAttribute("aria-disabled", "true");
  await page.getByRole("radio", { name: "The same message, to all consumers" }).check();
  await expect(send(page)).not.toHaveAttribute("aria-disabled", "true");
  await expect(editorOf(page)).toHaveValue('{"parcel":"P-1","weightGrams":1180}');
});

test("line ends that nobody touched go out as they came", async ({ page, producer, database }) => {
  const { id } = await producer.send({
    contentType: "text/plain",
    payloadBase64: Buffer.from("one\r\ntwo\r\nthree\r\n").toString("base64"),
  });
  await untilState(database, id, "SENT");
  await page.goto(`/messages/${id}/edit`);
  await editorOf(page).fill((await editorOf(page).inputValue()).replace("two", "2"));
  const changes = page.getByRole("region", { name: "What changes", exact: true });
  await expect(changes.locator("ins")).toHaveText(["2"]);
  await expect(changes.locator("del")).toHaveText(["two"]);
  await sendIt(page, "in digits");
  await expect(page.getByText("Version 2 is on its way.")).toBeVisible();
  expect(await bytesOf(database, id, 2)).toBe("one\r\n2\r\nthree\r\n");
});

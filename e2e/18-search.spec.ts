import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";

const box = (page: Page) =>
  page.getByRole("combobox", { name: "Query" }).or(page.getByRole("textbox", { name: "Query" }));
const outcome = (page: Page) => page.getByRole("region", { name: "Outcome" });
const rows = (page: Page) => page.locator("tbody tr");

test("a word finds a message by its key or business key, and the answer says that it is complete", async ({
  page,
  producer,
}) => {
  const word = `w-${randomUUID().slice(0, 8)}`;
  const byBusinessKey = await producer.send({ businessKey: word });
  const byKey = await producer.send({ key: word, businessKey: `other-${word}` });
  await page.goto("/search");
  await expect(page.getByRole("heading", { level: 1, name: "Search" })).toBeVisible();

  await page.locator("body").press("/");
  await expect(box(page)).toBeFocused();
  await box(page).fill(word);
  await expect(
    page.getByText(/Answered by the index of ids, business keys and keys: complete, 2 messages/),
  ).toBeVisible();
  await box(page).press("Enter");
  await expect(page).toHaveURL(new RegExp(`q=${word}`));
  await expect(outcome(page)).toContainText("Complete: 2 messages match.");
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).first()).toHaveAttribute("data-key", byKey.id);

  // The id itself, from a link; the row's peek is in the address.
  await page.goto(`/search?q=${byBusinessKey.id}`);
  await expect(outcome(page)).toContainText("Complete: 1 message matches.");
  await rows(page).getByRole("button").click();
  await expect(page).toHaveURL(new RegExp(`peek=${byBusinessKey.id}`));
  await page.reload();
  await expect(page.getByText("Payload", { exact: true }).first()).toBeVisible();
});

test("suggestions complete a query, conditions come and go as chips, the address goes back", async ({
  page,
  producer,
}) => {
  const word = `s-${randomUUID().slice(0, 8)}`;
  const sent = await producer.send({ key: word });
  const prepared = await producer.prepare({ key: word });
  await page.goto("/search");
  await box(page).fill(`key:${word} st`);
  await page
    .getByRole("option", { name: /^state:/ })
    .first()
    .click();
  await box(page).pressSequentially("prep");
  await box(page).press("ArrowDown");
  await box(page).press("Enter");
  await expect(box(page)).toHaveValue(`key:${word} state:PREPARED `);
  await box(page).press("Enter");
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toHaveAttribute("data-key", prepared.id);

  await page.getByRole("button", { name: "Remove state:PREPARED" }).click();
  await expect(rows(page)).toHaveCount(2);
  await expect(page.locator(`tr[data-key="${sent.id}"]`)).toBeVisible();
  await page.goBack();
  await expect(rows(page)).toHaveCount(1);

  await page.getByRole("button", { name: "Add a condition" }).click();
  await page.getByRole("menuitem", { name: /In the payload/ }).click();
  await expect(box(page)).toHaveValue(/payload\.$/);
  await expect(box(page)).toBeFocused();
});

test("what a payload holds is found exactly, and payloads that are not JSON are counted", async ({
  page,
  producer,
}) => {
  const key = `j-${randomUUID().slice(0, 8)}`;
  const number = "9007199254740993";
  const bytes = (text: string) => ({
    key,
    payloadBase64: Buffer.from(text).toString("base64"),
    contentType: "application/json",
  });
  const exact = await producer.send(bytes(`{"customer":{"id":${number}},"items":[{"sku":"x"}]}`));
  await producer.send(bytes('{"customer":{"id":9007199254740992}}'));
  await producer.send({ ...bytes("no json"), contentType: "text/plain" });
  await page.goto("/search");
  await box(page).fill(`key:${key} payload.customer.id=${number} payload.items[0].sku=x`);
  await expect(page.getByText("JSON is read only of those that pass the other conditions.")).toBeVisible();
  await box(page).press("Enter");
  await expect(outcome(page)).toContainText("Complete: 1 message matches.");
  await expect(outcome(page)).toContainText("1 payload is not JSON");
  await expect(rows(page)).toHaveAttribute("data-key", exact.id);
});

test("a query that cannot be understood says where and is mended with one press", async ({
  page,
  producer,
}) => {
  const key = `p-${randomUUID().slice(0, 8)}`;
  await producer.send({ key });
  await page.goto("/search");
  await box(page).fill(`key:${key} stat:SENT,READY`);
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: "There is no field “stat”" })).toBeVisible();
  await expect(page).not.toHaveURL(/q=/);
  await page.getByRole("button", { name: `Make it key:${key} state:SENT,READY` }).click();
  await expect(rows(page)).toHaveCount(1);

  await page.goto("/search?q=topic%3Aorders.craeted");
  await expect(page.getByRole("heading", { name: "There is no topic “orders.craeted”" })).toBeVisible();
  await page.getByRole("button", { name: "orders.created", exact: true }).click();
  await expect(page).toHaveURL(/q=topic(%3A|:)orders\.created/);
  await expect(outcome(page)).toBeVisible();
});

/** The first page of a browser is rendered anew as soon as its time zone is known. */
async function zoneIsKnown(page: Page): Promise<void> {
  await expect(page.getByRole("button", { name: "Time zone: Europe/Berlin" })).toBeVisible();
}

test("times are kept so that a colleague elsewhere finds the same", async ({ page }) => {
  await page.goto("/search");
  await zoneIsKnown(page);
  await box(page).fill("after:2026-01-05T10:00 before:2026-01-05T11:00");
  await box(page).press("Enter");
  // Europe/Berlin, in winter.
  await expect(box(page)).toHaveValue("after:2026-01-05T10:00+01:00 before:2026-01-05T11:00+01:00");
  await expect(outcome(page)).toContainText("Complete: nothing matches.");
  await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
  await box(page).fill("after:2026-01-06 before:2026-01-05");
  await box(page).press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "nothing lies between them" })).toBeVisible();
});

test.describe("many matches", () => {
  test("come page by page, and the last page says that it is complete", async ({ page, producer }) => {
    const key = `m-${randomUUID().slice(0, 8)}`;
    await producer.sendMany(70, () => ({ key }));
    await page.goto(`/search?q=key:${key}`);
    await expect(outcome(page)).toContainText("The newest 50 are shown. There are more.");
    await page.getByRole("button", { name: "Show more" }).click();
    await expect(outcome(page)).toContainText("Complete: 70 messages match.");
    await expect(rows(page)).toHaveCount(70);

    // The question names no time: on another clock it is the same, and what was asked for stays.
    await zoneIsKnown(page);
    await page.getByRole("button", { name: "Time zone: Europe/Berlin" }).click();
    await page.getByRole("radio", { name: "UTC", exact: true }).click();
    await expect(page.getByRole("button", { name: "Time zone: UTC" })).toBeVisible();
    await expect(rows(page)).toHaveCount(70);
  });
});

test("payloads of a masked topic are searched on the record only", async ({ page, producer, database }) => {
  const secret = `x-${randomUUID().slice(0, 8)}`;
  const key = `k-${secret}`;
  const { rows: topics } = await database.query<{ id: number; masked: boolean }>(
    "SELECT id, masked FROM topic WHERE name = 'invoices.issued'",
  );
  await producer.send({ topic: "invoices.issued", key, payload: { secret } }, "billing");
  await database.query("UPDATE topic SET masked = true WHERE id = $1", [topics[0]!.id]);
  try {
    const query = `key:${key} payload.secret=${secret}`;
    await page.goto(`/search?${new URLSearchParams({ q: query })}`);
    await expect(outcome(page)).toContainText("1 message of a masked topic was not looked into.");
    await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
    await page.getByRole("button", { name: "Search masked payloads too" }).click();
    await expect(rows(page)).toHaveCount(1);
    await expect(outcome(page)).toContainText("that is in the audit log");
    const { rowCount } = await database.query(
      "SELECT FROM audit_log WHERE action = 'payload.search' AND target_id = $1 AND actor_name = 'admin'",
      [query],
    );
    expect(rowCount).toBe(1);
  } finally {
    await database.query("UPDATE topic SET masked = $2 WHERE id = $1", [topics[0]!.id, topics[0]!.masked]);
  }
});

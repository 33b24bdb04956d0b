import { randomBytes } from "node:crypto";
import type { Locator, Page } from "@playwright/test";
import type pg from "pg";
import { expect, test } from "./support/fixtures.ts";
import { signInAs } from "./support/sign-in-as.ts";

// Kafka makes topics and the relay finds them again within seconds, not at once.
test.describe.configure({ timeout: 150_000 });
const SOON = { timeout: 60_000 };

const unique = (base: string) => `${base}-${randomBytes(4).toString("hex")}`;
const dialogOf = (page: Page) => page.getByRole("dialog");
const section = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

/** Presses a button until its dialog is there: a page that was just loaded may not listen yet. */
async function ask(page: Page, button: Locator): Promise<Locator> {
  await expect(dialogOf(page)).toBeHidden(); // the one before may still be closing
  await expect(async () => {
    if (!(await dialogOf(page).isVisible())) await button.click({ timeout: 3000 });
    await expect(dialogOf(page)).toBeVisible({ timeout: 3000 });
  }).toPass();
  return dialogOf(page);
}

async function stateOf(database: pg.Client, id: string): Promise<string> {
  const { rows } = await database.query<{ state: string }>("SELECT state FROM message_state WHERE id = $1", [
    id,
  ]);
  return rows[0]!.state;
}

async function lastEntry(database: pg.Client, target: string) {
  const { rows } = await database.query<{ action: string; actor_name: string; reason: string | null }>(
    "SELECT action, actor_name, reason FROM audit_log WHERE target_id = $1 ORDER BY id DESC LIMIT 1",
    [target],
  );
  return rows[0];
}

test("an app is declared, gets a key that is shown once and works, and loses it", async ({
  page,
  stack,
  database,
}) => {
  const name = unique("till");
  await page.goto("/apps");
  const form = await ask(page, page.getByRole("button", { name: "New app" }).first());
  await form.getByRole("textbox", { name: "Name" }).fill("Till 1");
  await expect(form.getByText("Lower-case letters, digits, dot, underscore, hyphen")).toContainText("Broken");
  await expect(form.getByRole("button", { name: "New app" })).toBeDisabled();
  await form.getByRole("textbox", { name: "Name" }).fill(name);
  await expect(form.getByText("Begins with a letter or a digit")).toContainText("Kept");
  await form.getByLabel("Contact").fill("team tills");
  await form.getByLabel("Check address").fill("tills/check");
  await expect(form.getByText("An absolute http or https address")).toBeVisible();
  await form.getByLabel("Check address").fill("https://tills.example/check");
  await form.getByRole("button", { name: "New app" }).click();
  await expect(page).toHaveURL(new RegExp(`/apps/${name}$`));
  await expect(section(page, "What it declares")).toContainText("team tills");
  expect(await lastEntry(database, name)).toMatchObject({ action: "app.create", actor_name: "admin" });

  await ask(page, section(page, "Keys").getByRole("button", { name: "New key" }));
  await dialogOf(page).getByLabel("Note").fill("the till by the door");
  await dialogOf(page).getByRole("button", { name: "New key" }).click();
  const shown = page.getByRole("dialog", { name: `The new key of ${name}` });
  const key = (await shown.getByTestId("api-key").textContent())!;
  expect(key).toMatch(/^slk_[a-z0-9]{16}_.{43}$/);
  // No stray click, no Escape loses it.
  await page.keyboard.press("Escape");
  await page.mouse.click(5, 400);
  await expect(shown).toBeVisible();
  await expect(shown.getByRole("button", { name: "Done" })).toBeDisabled();
  await shown.getByLabel("I have stored the key").check();
  await shown.getByRole("button", { name: "Done" }).click();
  await expect(shown).toBeHidden();
  expect(await page.content()).not.toContain(key);

  const call = () =>
    fetch(`${stack.apiUrl}/v1/messages/send`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ topic: "orders.created", payload: { total: 1 } }),
    });
  expect((await call()).status).toBe(201);
  await expect(section(page, "Topics it sends to")).toContainText("orders.created");

  const id = key.split("_")[1]!;
  await page.goto(`/keys?app=${name}`);
  await page.getByRole("button", { name: `Revoke key ${id}` }).click();
  const revoking = dialogOf(page);
  await expect(revoking).toContainText("It is the last key in force");
  await revoking.getByRole("button", { name: "Revoke" }).click();
  await expect(revoking).toContainText("At least 3 characters");
  await revoking.getByLabel("Reason").fill("the till was sold");
  await revoking.getByRole("button", { name: "Revoke" }).click();
  await expect(revoking).toBeHidden();
  await expect(page.getByText("No keys like that")).toBeVisible();
  await page.getByText("Revoked", { exact: true }).first().click();
  await expect(page.getByRole("row", { name: new RegExp(id) })).toContainText("the till by the door");
  expect(await lastEntry(database, id)).toEqual({
    action: "api_key.revoke",
    actor_name: "admin",
    reason: "the till was sold",
  });
  await expect.poll(async () => (await call()).status, { timeout: 20_000 }).toBe(401);
});

test("of two who edit an app the second learns who was first, and compares anew", async ({
  page,
  database,
}) => {
  const name = unique("shared");
  await database.query("INSERT INTO app (name, contact) VALUES ($1, 'team one')", [name]);
  await page.goto(`/apps/${name}`);
  const form = await ask(page, page.getByRole("button", { name: "Edit" }));
  await form.getByLabel("Contact").fill("team three");
  await expect(form.getByRole("row", { name: /Contact/ })).toContainText("team one");

  await database.query(
    "UPDATE app SET contact = 'team two', updated_at = clock_timestamp() WHERE name = $1",
    [name],
  );
  await database.query(
    "INSERT INTO audit_log (actor_id, actor_name, action, target_kind, target_id) VALUES ('x', 'day-shift', 'app.change', 'app', $1)",
    [name],
  );
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.getByText("Somebody else was first; nothing was written")).toBeVisible();
  await expect(form).toContainText("Changed by day-shift");
  await expect(form.getByRole("row", { name: /Contact/ })).toContainText("team two");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form).toBeHidden();
  await expect(section(page, "What it declares")).toContainText("team three");
});

test("a topic is made in Kafka, raised, paused and resumed", async ({ page, producer, database }) => {
  const name = unique("returns");
  await page.goto("/topics");
  const form = await ask(page, page.getByRole("button", { name: "New topic" }).first());
  await form.getByRole("textbox", { name: "Name" }).fill("orders.created");
  await form.getByLabel("Partitions").fill("1");
  await expect(form).toContainText("cannot take any away");
  await form.getByRole("textbox", { name: "Name" }).fill(name);
  await form.getByLabel("Partitions").fill("2");
  await expect(form).toContainText("Kafka does not have it yet: it will be made with 2 partitions.");
  await form.getByRole("button", { name: "New topic" }).click();
  await expect(page).toHaveURL(new RegExp(`/topics/${name}$`));
  const kafka = section(page, "In Kafka");
  await expect(kafka.getByRole("row")).toHaveCount(3);
  await expect(kafka).toContainText("Records kept for");

  const raising = await ask(page, page.getByRole("button", { name: "Raise" }));
  await expect(raising).toContainText("Most keys move to another partition");
  await raising.getByLabel("Partitions").fill("3");
  await raising.getByLabel("Reason").fill("a third consumer");
  await raising.getByRole("button", { name: "Raise" }).click();
  await expect(kafka.getByRole("row")).toHaveCount(4);

  await ask(page, page.getByRole("button", { name: "Pause" }));
  await expect(dialogOf(page)).toContainText("Nothing is lost and the order per key holds");
  await dialogOf(page).getByLabel("Reason").fill("the consumer doubles refunds");
  await dialogOf(page).getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText("Reason: the consumer doubles refunds")).toBeVisible();
  const held = await producer.send({ topic: name });
  const other = await producer.send();
  await expect.poll(() => stateOf(database, other.id), SOON).toBe("SENT");
  expect(await stateOf(database, held.id)).toBe("READY");
  await expect(page.getByText("1 message waits.")).toBeVisible();

  await ask(page, page.getByRole("button", { name: "Resume" }));
  await dialogOf(page).getByLabel("Reason").fill("the consumer is mended");
  await dialogOf(page).getByRole("button", { name: "Resume" }).click();
  await expect.poll(() => stateOf(database, held.id), SOON).toBe("SENT");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Open");
  expect(await lastEntry(database, name)).toMatchObject({
    action: "topic.resume",
    reason: "the consumer is mended",
  });
});

test("a topic that Kafka lost says what to do, and is made again", async ({ page, producer, database }) => {
  const name = unique("lost");
  await database.query("INSERT INTO topic (name, partitions) VALUES ($1, 1)", [name]);
  const held = await producer.send({ topic: name });
  await page.goto(`/topics/${name}`);
  const note = page.getByRole("note");
  await expect(note).toContainText("Kafka does not have this topic", SOON);
  await expect(note).toContainText("1 message is held.");
  await ask(page, note.getByRole("button", { name: "Make it in Kafka" }));
  await dialogOf(page).getByLabel("Reason").fill("removed by mistake");
  await dialogOf(page).getByRole("button", { name: "Make it in Kafka" }).click();
  await expect.poll(() => stateOf(database, held.id), SOON).toBe("SENT");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Open");
});

test("a schema is tried while it is typed, and masking is a decision with a reason", async ({
  page,
  producer,
  database,
}) => {
  const name = unique("typed");
  await database.query("INSERT INTO topic (name, partitions) VALUES ($1, 1)", [name]);
  await producer.send({ topic: name, payload: { total: "one" } });
  await page.goto(`/topics/${name}`);
  const form = await ask(page, page.getByRole("button", { name: "Add schema" }));
  const schema = form.getByLabel("Schema", { exact: true });
  await schema.fill("{");
  await expect(form).toContainText("Not JSON");
  await schema.fill('{"type":"objekt"}');
  await expect(form).toContainText("It cannot be used");
  await expect(form.getByRole("button", { name: "Save" })).toBeDisabled();
  await schema.fill('{"type":"object","properties":{"total":{"type":"integer"}}}');
  await expect(form).toContainText("0 of the newest 1 message fits.");
  await form.getByLabel("Example payload").fill('{"total":2}');
  await expect(form).toContainText("The example fits.");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form).toBeHidden();
  await expect(section(page, "Schema")).toContainText('"type": "integer"');

  await ask(page, page.getByRole("button", { name: "Mask" }));
  await dialogOf(page).getByLabel("Reason").fill("names of people");
  await dialogOf(page).getByRole("button", { name: "Mask" }).click();
  await expect(section(page, "Policy")).toContainText("each look audited");
  expect(await lastEntry(database, name)).toMatchObject({
    action: "topic.change",
    reason: "names of people",
  });
});

test("who may only look is told who could act", async ({ page, context, stack }) => {
  await signInAs(context, stack, "viewer");
  await page.goto("/topics/orders.created");
  const pause = page.getByRole("button", { name: "Pause" });
  await expect(pause).toHaveAttribute("aria-disabled", "true");
  await pause.focus();
  await expect(page.getByRole("tooltip")).toContainText("It takes the role Operator");
  await pause.press("Enter");
  await expect(dialogOf(page)).toBeHidden();
  await page.goto("/keys");
  await expect(page.getByRole("button", { name: "New key" })).toHaveAttribute("aria-disabled", "true");
});

import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import type pg from "pg";
import { expect, test } from "./support/fixtures.ts";

const laneCard = (page: Page, lane: number) => page.getByRole("article", { name: `Lane ${lane}` });
const row = (page: Page, kind: string) =>
  page.getByRole("row").filter({ has: page.locator(`[id^="worker-${kind}-"]`) });

/** A heartbeat brings the command, and another relay or process takes its time to start. */
const HEARD = { timeout: 30_000 };

async function confirmWith(page: Page, reason: string | null, button: RegExp): Promise<void> {
  const dialog = page.getByRole("dialog");
  if (reason !== null) await dialog.getByRole("textbox").fill(reason);
  await dialog.getByRole("button", { name: button }).click();
  await expect(dialog).toBeHidden();
}

async function audited(database: pg.Client, action: string, reason: string): Promise<number | null> {
  const found = await database.query("SELECT FROM audit_log WHERE action = $1 AND reason = $2", [
    action,
    reason,
  ]);
  return found.rowCount;
}

test("shows every lane with its owner and every process with its heartbeat", async ({ page, database }) => {
  const { rows } = await database.query<{ lane: number; owner: string }>(
    "SELECT lane, owner FROM lane ORDER BY lane",
  );
  await page.goto("/workers");
  for (const { lane, owner } of rows) await expect(laneCard(page, lane)).toContainText(owner);
  for (const kind of ["api", "relay", "recover", "sweep", "console"])
    await expect(row(page, kind).first()).toContainText("Running");
  await expect(row(page, "console").getByRole("button")).toHaveCount(0);
});

test("a paused lane says by whom and why, its messages wait, and resumed it sends them", async ({
  page,
  producer,
  database,
}) => {
  const reason = `moving the broker ${randomUUID().slice(0, 8)}`;
  await page.goto("/workers");
  const card = laneCard(page, 1);
  await card.getByRole("button", { name: "Pause lane 1" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Pause lane 1" }).click();
  await expect(dialog.getByText("At least 3 characters")).toBeVisible();
  await confirmWith(page, reason, /Pause lane 1/);
  await expect(card).toContainText(reason);
  await expect(card.getByText("Paused", { exact: true })).toBeVisible(HEARD);

  const sent = (await producer.sendMany(40, (n) => ({ key: `pause-${n}` }))).map((m) => m.id);
  const inLane = async (state: string) => {
    const { rows } = await database.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM message_state WHERE id = ANY($1::uuid[]) AND lane = 1 AND state::text = $2",
      [sent, state],
    );
    return rows[0]!.n;
  };
  const others = async () => {
    const { rows } = await database.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM message_state WHERE id = ANY($1::uuid[]) AND lane <> 1 AND state = 'READY'",
      [sent],
    );
    return rows[0]!.n;
  };
  await expect.poll(others).toBe(0);
  const waiting = await inLane("READY");
  expect(waiting).toBeGreaterThan(0);

  await card.getByRole("button", { name: "Resume lane 1" }).click();
  await confirmWith(page, null, /Resume lane 1/);
  await expect.poll(() => inLane("SENT")).toBe(waiting);
  await expect(card.getByRole("button", { name: "Pause lane 1" })).toBeVisible();
  expect(await audited(database, "lane.pause", reason)).toBe(1);
});

test("the only relay made quiet gives its lanes back, which the room says loudly; run again it takes them", async ({
  page,
  database,
}) => {
  const reason = `looking into it ${randomUUID().slice(0, 8)}`;
  await page.goto("/workers");
  await row(page, "relay")
    .getByRole("button", { name: /^Quiet relay/ })
    .click();
  await expect(page.getByRole("dialog")).toContainText("It is the only relay that works");
  await confirmWith(page, reason, /^Quiet relay/);
  await expect(page.getByText("Every relay is quiet")).toBeVisible(HEARD);
  await expect(laneCard(page, 0)).toContainText("No owner", HEARD);
  await expect(row(page, "relay")).toContainText("Quiet", HEARD);
  expect(await audited(database, "worker.quiet", reason)).toBe(1);

  await row(page, "relay")
    .getByRole("button", { name: /^Run relay/ })
    .click();
  await confirmWith(page, null, /^Run relay/);
  await expect(laneCard(page, 0)).toContainText("Up to date", HEARD);
  await expect(page.getByText("Every relay is quiet")).toBeHidden();
});

test("a process that is stopped ends in order, and who looks after it starts it again", async ({
  page,
  database,
}) => {
  const pid = async () =>
    (await database.query<{ pid: number }>("SELECT pid FROM worker_instance WHERE kind = 'recover'")).rows[0]!
      .pid;
  const before = await pid();
  await page.goto("/workers");
  await row(page, "recover")
    .getByRole("button", { name: /^Stop recover/ })
    .click();
  await expect(page.getByRole("dialog")).toContainText("starts it again");
  await confirmWith(page, "a fresh start", /^Stop recover/);
  await expect.poll(pid, HEARD).not.toBe(before);
  await expect(row(page, "recover")).toContainText("Running", HEARD);
  await expect(row(page, "recover")).not.toContainText(`pid ${before}`);
});

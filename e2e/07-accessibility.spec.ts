import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import type pg from "pg";
import { expect, test } from "./support/fixtures.ts";

const LOOKS = [
  { theme: "light", locale: "en" },
  { theme: "dark", locale: "en" },
  { theme: "light", locale: "zh" },
  { theme: "dark", locale: "zh" },
] as const;

async function expectNoViolation(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(" | ")}`);
  expect(told).toEqual([]);
}

for (const { theme, locale } of LOOKS) {
  test.describe(`${theme}, ${locale}`, () => {
    test.use({ expectedErrors: /40[14]/ });
    test.beforeEach(async ({ context, stack }) => {
      const cookies = { "surelay.theme": theme, "surelay.locale": locale };
      for (const [name, value] of Object.entries(cookies))
        await context.addCookies([{ name, value, url: stack.consoleUrl }]);
    });

    test("pages have no axe violation", async ({ page, producer, database }, testInfo) => {
      const ids = (await producer.sendMany(8, (n) => ({ key: `k-${n}`, headers: { tenant: "north" } }))).map(
        (m) => m.id,
      );
      await expect
        .poll(
          async () =>
            (
              await database.query(
                "SELECT FROM message_state WHERE id = ANY($1::uuid[]) AND state = 'SENT'",
                [ids],
              )
            ).rowCount,
        )
        .toBe(8);
      await showEveryState(database, ids);

      await page.goto("/messages");
      await expect(page.getByRole("row").filter({ hasText: ids[0]! })).toBeVisible();
      await page.screenshot({ path: testInfo.outputPath("messages.png") });
      await expectNoViolation(page);

      for (const [name, path] of [
        ["message", `/messages/${ids[0]}`],
        ["rejected", `/messages/${ids[7]}`],
        ["empty", "/messages?topic=nothing.there"],
        ["not-found", "/messages/none"],
      ] as const) {
        await page.goto(path);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
        await page.screenshot({ path: testInfo.outputPath(`${name}.png`), fullPage: true });
        await expectNoViolation(page);
      }
    });

    test("open menus and the sign-in have no axe violation", async ({ page, context }, testInfo) => {
      await page.goto("/messages");
      await page.locator("header [aria-haspopup=dialog]").click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await page.screenshot({ path: testInfo.outputPath("menu.png") });
      await expectNoViolation(page);
      await context.clearCookies({ name: "surelay.session_token" });
      await page.goto("/login?ended=1");
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await page.screenshot({ path: testInfo.outputPath("login.png") });
      await expectNoViolation(page);
    });
  });
}

/** One message in each state, so that every colour is looked at. */
async function showEveryState(database: pg.Client, ids: string[]) {
  const set = (index: number, assignment: string) =>
    database.query(`UPDATE message_state SET ${assignment} WHERE id = $1`, [ids[index]]);
  const unsent = "sent_at = NULL, broker_partition = NULL, broker_offset = NULL";
  await set(1, "state = 'CONSUMED'");
  await set(2, `state = 'CANCELLED', ${unsent}`);
  await set(3, `state = 'UNDECIDED', ${unsent}, moved_at = now(), reason = 'no answer in 8 check-backs'`);
  await set(
    4,
    `state = 'PREPARED', ${unsent}, decided_at = NULL, decided_by = NULL, check_at = now() + interval '1 hour'`,
  );
  await set(5, `state = 'SCHEDULED', ${unsent}, deliver_at = now() + interval '1 day'`);
  await set(6, `state = 'READY', held_at = now(), ${unsent}`);
  await set(7, `state = 'REJECTED', ${unsent}, reason = 'MESSAGE_TOO_LARGE'`);
}

import type { BrowserContext, Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";

/** Opens a page and counts the event streams it opens. */
async function watch(context: BrowserContext, opened?: Page) {
  const page = opened ?? (await context.newPage());
  const streams: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/trpc/live.follow")) streams.push(request.url());
  });
  await page.goto("/messages");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  return { page, streams };
}

const stream = (page: Page) => page.locator("[data-stream]");

test("two pages of a browser share one stream, and the other goes on when its holder is closed", async ({
  page,
  context,
  producer,
}) => {
  const first = await watch(context, page);
  await expect(stream(first.page)).toHaveAttribute("data-stream", "leader");
  const opened = first.streams.length;
  expect(opened).toBeGreaterThan(0);

  const second = await watch(context);
  await expect(stream(second.page)).toHaveAttribute("data-stream", "follower");
  const shared = await producer.send({ businessKey: "o-shared" });
  await expect(second.page.getByRole("row").filter({ hasText: shared.id })).toBeVisible();
  expect(second.streams).toEqual([]);
  expect(first.streams.length).toBe(opened);

  await first.page.close();
  await expect(stream(second.page)).toHaveAttribute("data-stream", "leader");
  const alone = await producer.send({ businessKey: "o-alone" });
  await expect(second.page.getByRole("row").filter({ hasText: alone.id })).toBeVisible();
  expect(second.streams.length).toBe(1);
  expect(second.streams[0]).toContain("lastEventId");
});

test("a tab that is looked at takes the stream over from one that has stopped working", async ({
  page,
  context,
}) => {
  test.slow();
  const stuck = await context.newPage();
  await stuck.goto("/messages");
  await expect(stream(stuck)).toHaveAttribute("data-stream", "leader");
  const { page: awake } = await watch(context, page);
  await expect(stream(awake)).toHaveAttribute("data-stream", "follower");

  const debuggerOfStuck = await context.newCDPSession(stuck);
  await debuggerOfStuck.send("Debugger.enable");
  await debuggerOfStuck.send("Debugger.pause");
  await awake.bringToFront();
  await expect(stream(awake)).toHaveAttribute("data-stream", "leader", { timeout: 40_000 });
  await expect(awake.getByText("Live", { exact: true })).toBeVisible();
  await debuggerOfStuck.send("Debugger.resume").catch(() => undefined);
});

test.describe("without a way to share", () => {
  test("every page has a stream of its own", async ({ page, producer }) => {
    await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "locks", { value: undefined }));
    await page.addInitScript(() => {
      delete (Navigator.prototype as { locks?: unknown }).locks;
    });
    await page.goto("/messages");
    await expect(stream(page)).toHaveAttribute("data-stream", "alone");
    const { id } = await producer.send();
    await expect(page.getByRole("row").filter({ hasText: id })).toBeVisible();
  });
});

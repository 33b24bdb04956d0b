import { answerWith, requestsOf } from "../support/answer-with.ts";
import {
  BROKEN,
  SILENT,
  UNKNOWN,
  clearWaiting,
  declareApp,
  leaveWaiting,
  openBreakerOf,
} from "../support/leave-waiting.ts";
import type { Scene, SceneTools } from "./scene.ts";

const TILL = "scene-desk";
const FAR = "scene-depot";
const MUTE = "scene-mute";
const CHECK_URL = "https://desk.example.com/surelay/check";

async function openRoom({ page, stack }: SceneTools, query = ""): Promise<void> {
  await page.goto(`${stack.consoleUrl}/prepared${query}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
}

async function openRows(tools: SceneTools, query = ""): Promise<void> {
  await openRoom(tools, query);
  await tools.page.locator("[data-key]").first().waitFor();
  await tools.page.locator("[data-liveness=live]").first().waitFor({ state: "attached" });
}

/** Three apps in three kinds of trouble, none of which anybody asks while the scene stands. */
async function leaveAll({ database, stack }: SceneTools): Promise<void> {
  await closeAll({ stack });
  await declareApp(database, { name: TILL, checkUrl: CHECK_URL, maxAttempts: 4 });
  await declareApp(database, { name: FAR, checkUrl: CHECK_URL, maxAttempts: 12 });
  await declareApp(database, { name: MUTE, checkUrl: null });
  await openBreakerOf(database, FAR);
  const url = stack.databaseUrl;
  await leaveWaiting(url, { app: FAR, count: 4, answers: [UNKNOWN, SILENT], dueIn: -420 });
  await leaveWaiting(url, { app: TILL, count: 3, answers: [UNKNOWN], dueIn: 140 });
  await leaveWaiting(url, { app: TILL, count: 2, dueIn: 45 });
  await leaveWaiting(url, { app: MUTE, count: 1, dueIn: 300 });
  await leaveWaiting(url, {
    app: TILL,
    count: 3,
    answers: [UNKNOWN, SILENT, BROKEN, UNKNOWN],
    undecided: true,
  });
}

async function closeAll({ stack }: Pick<SceneTools, "stack">): Promise<void> {
  for (const app of [TILL, FAR, MUTE]) await clearWaiting(stack.databaseUrl, app);
}

/** A scene in front of what `leaveAll` leaves. */
function waiting(scene: Omit<Scene, "open" | "close">, open: Scene["open"]): Scene {
  return {
    ...scene,
    open: async (tools) => {
      await leaveAll(tools);
      await open(tools);
    },
    close: (tools) => closeAll(tools),
  };
}

/** Peeks at the first row and unfolds what was asked last. */
async function peekFirst(tools: SceneTools): Promise<void> {
  const { page } = tools;
  await page.keyboard.press("j");
  await page.keyboard.press("p");
  await page.locator("dialog [data-unfold]").last().click();
  await page.locator("dialog [data-check-back] pre").first().waitFor();
}

export const scenes: Scene[] = [
  waiting({ name: "prepared-full", role: "operator" }, async (tools) => {
    await openRows(tools);
  }),
  waiting({ name: "prepared-overdue", role: "operator" }, async (tools) => {
    await openRows(tools, `?show=overdue&app=${FAR}`);
  }),
  waiting({ name: "prepared-undecided", role: "operator" }, async (tools) => {
    await openRows(tools, "?show=undecided");
  }),
  waiting({ name: "prepared-peek", role: "operator" }, async (tools) => {
    await openRows(tools, `?show=undecided&app=${TILL}`);
    await peekFirst(tools);
  }),
  waiting({ name: "prepared-ask-selected", role: "operator" }, async (tools) => {
    await openRows(tools, `?app=${FAR}`);
    for (const key of ["j", "x", "j", "x"]) await tools.page.keyboard.press(key);
    await tools.page.locator("main [data-action=ask-selected]").click();
    await tools.page.getByRole("dialog").getByRole("textbox").waitFor();
  }),
  waiting({ name: "prepared-ask-all", role: "operator" }, async (tools) => {
    await openRows(tools, `?show=undecided&app=${TILL}`);
    await tools.page.locator("main [data-action=ask-all]").click();
    await tools.page.getByRole("dialog").getByRole("textbox").waitFor();
  }),
  waiting({ name: "prepared-viewer", role: "viewer" }, async (tools) => {
    await openRows(tools, `?app=${TILL}`);
    await tools.page.locator("main [data-action=ask-all][aria-disabled=true]").waitFor();
  }),
  {
    name: "prepared-none",
    open: async (tools) => {
      await answerWith(tools.page, "prepared.list", () => ({ items: [], next: null }));
      await answerWith(tools.page, "prepared.sum", () => ({ apps: [], overdueCapped: false }));
      await tools.page.goto(`${tools.stack.consoleUrl}/overview`);
      await tools.page.locator("a[href='/prepared']").first().waitFor({ state: "attached" });
      await openRoom(tools, `?app=nobody`);
      await tools.page.locator("main h2").first().waitFor();
    },
  },
  waiting(
    { name: "prepared-failed", expectedErrors: /ERR_|Failed to fetch|Failed to load resource/ },
    async (tools) => {
      await openRows(tools);
      await tools.page.route(requestsOf("prepared.list"), (route) => route.abort());
      await tools.page.locator("fieldset label").last().click();
      await tools.page
        .getByRole("alert")
        .filter({ has: tools.page.locator("h2") })
        .waitFor();
    },
  ),
  waiting({ name: "prepared-message", role: "operator" }, async (tools) => {
    const [id] = await leaveWaiting(tools.stack.databaseUrl, {
      app: TILL,
      count: 1,
      answers: [UNKNOWN, SILENT, BROKEN],
      dueIn: 90,
    });
    await tools.page.goto(`${tools.stack.consoleUrl}/messages/${id}`);
    await tools.page.locator("[data-unfold]").last().click();
    await tools.page.locator("[data-check-back] pre").first().waitFor();
  }),
  waiting({ name: "prepared-decide", role: "operator" }, async (tools) => {
    const [id] = await leaveWaiting(tools.stack.databaseUrl, {
      app: TILL,
      count: 1,
      answers: [UNKNOWN, UNKNOWN, SILENT, BROKEN],
      undecided: true,
    });
    await tools.page.goto(`${tools.stack.consoleUrl}/messages/${id}`);
    await tools.page.locator("[data-message-action]").first().click();
    await tools.page.getByRole("dialog").getByRole("textbox").waitFor();
  }),
  waiting({ name: "prepared-app-away" }, async (tools) => {
    await tools.page.goto(`${tools.stack.consoleUrl}/apps/${FAR}`);
    await tools.page.locator("main [data-action=reset-breaker]").waitFor();
  }),
  waiting({ name: "prepared-reset-breaker", role: "operator" }, async (tools) => {
    await tools.page.goto(`${tools.stack.consoleUrl}/apps/${FAR}`);
    await tools.page.locator("main [data-action=reset-breaker]").click();
    await tools.page.getByRole("dialog").getByRole("textbox").waitFor();
  }),
  ...(["rolled_back", "unknown", 401] as const).map((answer) =>
    waiting({ name: `prepared-test-${answer}` }, async (tools) => {
      await tools.page.goto(`${tools.stack.consoleUrl}/apps/${TILL}`);
      await tools.page.locator("main [data-action=test-check-url]").waitFor();
      await answerTest(tools, answer);
      await tools.page.locator("main [data-action=test-check-url]").click();
      await tools.page.locator("[data-test-outcome]").waitFor();
    }),
  ),
  waiting({ name: "prepared-secret" }, async (tools) => {
    // A made-up answer: a picture must not hold a secret that opens anything.
    await tools.page.route(/\/api\/trpc\/apps\.showSecret/, (route) =>
      route.fulfill({
        json: [
          {
            result: {
              data: {
                json: {
                  secret: "whsec_VGhpcyBpcyBvbmx5IGEgcGljdHVyZSBvZiBhIHNlY3JldA==",
                  version: 1,
                  rotatedAt: null,
                  overlapsUntil: null,
                },
              },
            },
          },
        ],
      }),
    );
    await tools.page.goto(`${tools.stack.consoleUrl}/apps/${TILL}`);
    await tools.page.locator("main [data-action=show-secret]").click();
    const dialog = tools.page.getByRole("dialog");
    await dialog.getByRole("textbox").fill("moving the till to a new host");
    await dialog.locator("button[type=submit]").click();
    await tools.page.locator("[data-secret]").waitFor();
  }),
  waiting({ name: "prepared-rotate-secret" }, async (tools) => {
    await tools.page.goto(`${tools.stack.consoleUrl}/apps/${TILL}`);
    await tools.page.locator("main [data-action=rotate-secret]").click();
    await tools.page.getByRole("dialog").getByRole("textbox").waitFor();
  }),
  waiting({ name: "prepared-policy" }, async (tools) => {
    await tools.page.goto(`${tools.stack.consoleUrl}/apps/${TILL}`);
    await tools.page.locator("main [data-action=edit-app]").click();
    const dialog = tools.page.getByRole("dialog");
    await dialog.locator("[data-policy]").waitFor();
    await dialog.locator("input[inputmode=decimal]").last().fill("4");
    await dialog.locator("ins").first().waitFor();
  }),
];

/** What a business system answers, without one: the address of these scenes leads nowhere. */
async function answerTest({ page }: SceneTools, answer: "rolled_back" | "unknown" | 401): Promise<void> {
  const refused = answer === 401;
  const request = {
    messageId: "0193a000-0000-7000-8000-000000000001",
    businessKey: null,
    topic: "surelay.test",
    type: null,
    preparedAt: "2026-11-21T10:00:00.000Z",
    attempt: 1,
  };
  const json = {
    url: CHECK_URL,
    request,
    timeoutMs: 5000,
    headers: { "webhook-id": `check_${request.messageId}_1`, "webhook-timestamp": "1795255200" },
    status: refused ? 401 : 200,
    body: refused ? '{"error":"no matching signature"}' : `{"outcome":"${answer}"}`,
    bodyCut: false,
    durationMs: 8,
    result: {
      sent: true,
      outcome: refused ? "failed" : answer,
      error: refused ? "http_status" : null,
      status: refused ? 401 : 200,
      detail: refused ? "status 401, where only 200 counts" : null,
    },
  };
  await page.route(/\/api\/trpc\/apps\.testCheckUrl/, (route) =>
    route.fulfill({ json: [{ result: { data: { json } } }] }),
  );
}

import type { Page } from "@playwright/test";
import { answerWith, requestsOf } from "../support/answer-with.ts";
import type { Scene, SceneTools } from "./scene.ts";

const go = ({ page, stack }: SceneTools, address: string) => page.goto(stack.consoleUrl + address);
const dialog = (page: Page) => page.getByRole("dialog");
const TOPIC = "scene.returns";
const APP = "scene-till";

/** Something to look at that no other test uses. */
async function declareScene({ database }: SceneTools): Promise<void> {
  await database.query(
    `INSERT INTO app (name, contact, check_url, check_after_seconds)
     VALUES ($1, 'Team Tills, #tills', 'https://tills.example.com/check', 30) ON CONFLICT (name) DO NOTHING`,
    [APP],
  );
  await database.query(
    `INSERT INTO api_key (id, app_id, hash, scopes, note, created_by, revoked_at)
     SELECT v.id, app.id, decode(repeat('00', 32), 'hex'), ARRAY['produce'], v.note, 'admin', v.revoked_at
     FROM app, (VALUES ('scenetillinforce', 'Till by the door', NULL::timestamptz),
                       ('scenetillrevoked', 'Sold in spring', now() - interval '3 days')) AS v(id, note, revoked_at)
     WHERE app.name = $1 ON CONFLICT (id) DO NOTHING`,
    [APP],
  );
  await database.query(
    `INSERT INTO topic (name, partitions, schema) VALUES ($1, 2, $2) ON CONFLICT (name) DO NOTHING`,
    [
      TOPIC,
      JSON.stringify({ type: "object", required: ["order"], properties: { order: { type: "integer" } } }),
    ],
  );
}

async function openTopic(tools: SceneTools, name = "orders.created"): Promise<void> {
  await tools.producer.send();
  await go(tools, `/topics/${name}`);
  await tools.page.locator("[data-broker]").waitFor();
}

async function openApp(tools: SceneTools): Promise<void> {
  await declareScene(tools);
  await go(tools, `/apps/${APP}`);
  await tools.page.locator("main table").first().waitFor();
}

/** Opens the dialog behind the first button with this label in the page's main part. */
async function press(page: Page, within: string, nth = 0): Promise<void> {
  await page.locator(`main ${within}`).nth(nth).click();
  await dialog(page).waitFor();
}

const rows = (page: Page) => page.locator("main tbody tr").first().waitFor();
const empty = (page: Page) => page.locator("main h2").first().waitFor();

export const scenes: Scene[] = [
  {
    name: "apps-list",
    open: async (tools) => {
      await declareScene(tools);
      await tools.producer.prepare({}, "billing");
      await go(tools, "/apps");
      await rows(tools.page);
    },
  },
  {
    name: "apps-empty",
    open: async (tools) => {
      await answerWith(tools.page, "apps.list", () => []);
      await go(tools, "/apps");
      await empty(tools.page);
    },
  },
  {
    name: "apps-outdated",
    expectedErrors: /503|Failed to load/,
    open: async (tools) => {
      await tools.page.route(requestsOf("apps.list"), (route) => route.fulfill({ status: 503, body: "" }));
      await go(tools, "/apps");
      await tools.producer.send(); // what comes in has the list read again
      await tools.page.locator("main [role=alert]").first().waitFor();
    },
  },
  {
    name: "apps-create",
    open: async (tools) => {
      await go(tools, "/apps");
      await press(tools.page, "[data-action=create-app]");
      await dialog(tools.page).locator("input").first().fill("Till 1");
    },
  },
  { name: "app-present", open: openApp },
  { name: "app-viewer", role: "viewer", open: openApp },
  {
    name: "app-edit",
    open: async (tools) => {
      await openApp(tools);
      await press(tools.page, "[data-action=edit-app]");
      await dialog(tools.page).locator("input").first().fill("Team Shop, +49 30 901820");
      await dialog(tools.page).locator("ins").waitFor();
    },
  },
  {
    name: "keys-list",
    open: async (tools) => {
      await declareScene(tools);
      await go(tools, "/keys?state=all");
      await rows(tools.page);
    },
  },
  {
    name: "keys-empty",
    open: async (tools) => {
      await answerWith(tools.page, "keys.list", () => []);
      await go(tools, "/keys");
      await empty(tools.page);
    },
  },
  {
    name: "keys-none-such",
    open: async (tools) => {
      await declareScene(tools);
      await go(tools, "/keys?app=nobody");
      await empty(tools.page);
    },
  },
  {
    name: "keys-make",
    open: async (tools) => {
      await declareScene(tools);
      await go(tools, `/keys?app=${APP}`);
      await press(tools.page, "[data-action=make-key]");
    },
  },
  {
    name: "keys-made",
    open: async (tools) => {
      await declareScene(tools);
      // A made-up answer: a picture must not hold a key that opens anything.
      await tools.page.route(/\/api\/trpc\/keys\.create/, (route) =>
        route.fulfill({
          json: [
            {
              result: {
                data: {
                  json: {
                    id: "examplekey234567",
                    key: "slk_examplekey234567_this-is-only-a-picture-of-a-key-0000000000A",
                  },
                },
              },
            },
          ],
        }),
      );
      await go(tools, `/keys?app=${APP}`);
      await press(tools.page, "[data-action=make-key]");
      await dialog(tools.page).locator("button[type=submit]").click();
      await tools.page.getByTestId("api-key").waitFor();
    },
  },
  {
    name: "keys-revoke",
    open: async (tools) => {
      await declareScene(tools);
      await go(tools, `/keys?app=${APP}`);
      await press(tools.page, "[data-action=revoke-key]");
      await dialog(tools.page).locator("[role=alert]").first().waitFor();
    },
  },
  {
    name: "topics-list",
    open: async (tools) => {
      await declareScene(tools);
      await answerWith<object[]>(tools.page, "topics.declared", (topics) => {
        Object.assign(topics[0]!, { faultCode: "topic_missing" });
        Object.assign(topics[1]!, { masked: true });
      });
      await go(tools, "/topics");
      await rows(tools.page);
    },
  },
  {
    name: "topics-empty",
    open: async (tools) => {
      await answerWith(tools.page, "topics.declared", () => []);
      await go(tools, "/topics");
      await empty(tools.page);
    },
  },
  {
    name: "topics-create",
    open: async (tools) => {
      await go(tools, "/topics");
      await press(tools.page, "[data-action=create-topic]");
      await dialog(tools.page).locator("input").first().fill("orders.returned");
      await dialog(tools.page).locator("[role=alert]").first().waitFor();
    },
  },
  { name: "topic-present", open: (tools) => openTopic(tools) },
  { name: "topic-viewer", role: "viewer", open: (tools) => openTopic(tools) },
  {
    name: "topic-faulty",
    open: async (tools) => {
      await declareScene(tools);
      await tools.database.query(
        `UPDATE topic SET fault_code = 'topic_missing', fault_since = coalesce(fault_since, now() - interval '7 minutes'),
                fault_detail = 'UNKNOWN_TOPIC_OR_PARTITION: the broker has no topic ' || name WHERE name = $1`,
        [TOPIC],
      );
      await openTopic(tools, TOPIC);
      await tools.page.getByRole("note").waitFor();
    },
    close: async ({ database }) => {
      await database.query(
        "UPDATE topic SET fault_code = NULL, fault_detail = NULL, fault_since = NULL WHERE name = $1",
        [TOPIC],
      );
    },
  },
  {
    name: "topic-paused",
    open: async (tools) => {
      await declareScene(tools);
      await tools.database.query(
        `UPDATE topic SET paused_at = now() - interval '20 minutes', paused_by = 'admin',
                pause_reason = 'The consumer doubles refunds' WHERE name = $1`,
        [TOPIC],
      );
      await openTopic(tools, TOPIC);
      await tools.page.getByRole("note").waitFor();
    },
    close: async ({ database }) => {
      await database.query(
        "UPDATE topic SET paused_at = NULL, paused_by = NULL, pause_reason = NULL WHERE name = $1",
        [TOPIC],
      );
    },
  },
  {
    name: "topic-broker-silent",
    open: async (tools) => {
      await answerWith(tools.page, "topics.inBroker", () => ({ kind: "no_answer", reason: "CONNECTION" }));
      await openTopic(tools);
    },
  },
  {
    name: "topic-broker-not-asked",
    open: async (tools) => {
      await answerWith(tools.page, "topics.inBroker", () => ({ kind: "not_asked" }));
      await openTopic(tools);
    },
  },
  {
    name: "topic-pause",
    role: "operator",
    open: async (tools) => {
      await openTopic(tools);
      await press(tools.page, "[data-action=pause-topic]");
    },
  },
  {
    name: "topic-raise",
    open: async (tools) => {
      await openTopic(tools);
      await press(tools.page, "[data-action=raise-partitions]");
    },
  },
  {
    name: "topic-mask",
    open: async (tools) => {
      await openTopic(tools);
      await press(tools.page, "[data-action=mask-topic]");
    },
  },
  {
    name: "topic-schema-edit",
    open: async (tools) => {
      await declareScene(tools);
      await openTopic(tools, TOPIC);
      await press(tools.page, "[data-action=edit-schema]");
      const texts = dialog(tools.page).locator("textarea");
      await texts.nth(0).fill(
        JSON.stringify(
          {
            type: "object",
            required: ["order", "total"],
            properties: { order: { type: "integer" }, total: { type: "number" } },
          },
          null,
          2,
        ),
      );
      await texts.nth(1).fill('{"order": 1}');
      await dialog(tools.page).locator("[data-trial=example]").waitFor();
    },
  },
];

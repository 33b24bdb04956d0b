import { answerWith, requestsOf } from "../support/answer-with.ts";
import type { Scene, SceneTools } from "./scene.ts";

const SHOP = "scene-shop";
const WAREHOUSE = "scene-warehouse";

const go = ({ page, stack }: SceneTools, address: string) => page.goto(stack.consoleUrl + address);

/** Two sources that nobody collects while a scene stands: their variable is set nowhere, and one is paused. */
async function declareSources({ database }: SceneTools): Promise<void> {
  await clear({ database });
  await database.query(
    `WITH made AS (
       INSERT INTO outbox_source (name, app_id, kind, layout, connection, table_name, paused_at, paused_by, pause_reason)
       SELECT v.name, app.id, v.kind, v.layout, v.connection, v.table_name, v.paused_at, v.paused_by, v.reason
       FROM app, (VALUES ($1, 'postgresql', 'surelay', 'SURELAY_SOURCE_SCENE_SHOP', 'surelay_outbox', NULL::timestamptz, NULL, NULL),
                         ($2, 'mysql', 'debezium', 'SURELAY_SOURCE_SCENE_DEPOT', 'stock.outbox', now() - interval '20 minutes', 'admin',
                          'The depot moves to a new host')) AS v(name, kind, layout, connection, table_name, paused_at, paused_by, reason)
       WHERE app.name = 'orders' RETURNING id)
     INSERT INTO outbox_progress (source_id) SELECT id FROM made`,
    [SHOP, WAREHOUSE],
  );
}

async function clear({ database }: Pick<SceneTools, "database">): Promise<void> {
  await database.query("DELETE FROM outbox_source WHERE name = ANY($1)", [[SHOP, WAREHOUSE]]);
}

interface Standing {
  name: string;
  standing: string;
}

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const FLOWING = {
  standing: "collecting",
  owner: "collect-1",
  expiresInMs: 9000,
  waiting: 1284,
  oldestAt: minutesAgo(1),
  rate: 412.5,
  collected: 1_948_223,
  lastCollectedAt: minutesAgo(0),
  sampledAt: minutesAgo(0),
  faultCode: null,
  faultDetail: null,
  faultSince: null,
  failures: 0,
};
const FAULTY = {
  ...FLOWING,
  standing: "fault",
  rate: 0,
  waiting: null,
  oldestAt: null,
  faultCode: "sign_in",
  faultDetail: 'shop.internal:5432: password authentication failed for user "surelay"',
  faultSince: minutesAgo(7),
};
const REFUSING = {
  ...FLOWING,
  standing: "refusing",
  failures: 2,
  refused: [
    {
      ref: "90211",
      messageId: null,
      topic: "orders.returned",
      key: "customer-7",
      code: "not_found",
      detail: "There is no topic orders.returned.",
      attempts: 14,
      firstAt: minutesAgo(42),
      lastAt: minutesAgo(1),
      wanted: null,
      wantedBy: null,
      wantedAt: null,
    },
    {
      ref: "90254",
      messageId: null,
      topic: "orders.created",
      key: null,
      code: "payload_too_large",
      detail: "The payload has 2,097,152 bytes; at most 1,048,576 are taken.",
      attempts: 3,
      firstAt: minutesAgo(9),
      lastAt: minutesAgo(2),
      wanted: "retry",
      wantedBy: "admin",
      wantedAt: minutesAgo(1),
    },
  ],
};

/** Opens the shop's page as it would be in another standing. */
async function openShop(tools: SceneTools, standing: object): Promise<void> {
  await declareSources(tools);
  await answerWith<object>(tools.page, "sources.read", (source) => ({ ...source, ...standing }));
  await go(tools, `/outbox/${SHOP}`);
  await tools.page.locator("main dl", { hasText: FLOWING.collected.toLocaleString("en") }).waitFor();
}

const dialog = ({ page }: SceneTools) => page.getByRole("dialog");
const close = (tools: SceneTools) => clear(tools);

export const scenes: Scene[] = [
  {
    name: "outbox-list",
    open: async (tools) => {
      await declareSources(tools);
      await answerWith<Standing[]>(tools.page, "sources.list", (sources) => {
        const [shop] = sources.filter(({ name }) => name === SHOP);
        if (shop) Object.assign(shop, FLOWING);
      });
      await go(tools, "/outbox");
      await tools.page.locator("main tbody tr", { hasText: FLOWING.waiting.toLocaleString("en") }).waitFor();
    },
    close,
  },
  {
    name: "outbox-empty",
    open: async (tools) => {
      await answerWith(tools.page, "sources.list", () => []);
      await go(tools, "/outbox");
      await tools.page.locator("main h2").first().waitFor();
    },
  },
  {
    name: "outbox-outdated",
    expectedErrors: /503|Failed to load/,
    open: async (tools) => {
      await tools.page.route(requestsOf("sources.list"), (route) => route.fulfill({ status: 503, body: "" }));
      await go(tools, "/outbox");
      await tools.page.getByRole("alert").first().waitFor();
    },
  },
  {
    name: "outbox-viewer",
    role: "viewer",
    open: async (tools) => {
      await declareSources(tools);
      await go(tools, `/outbox/${WAREHOUSE}`);
      await tools.page.getByRole("note").waitFor();
      await tools.page.locator("main [data-action=remove-source]").focus();
      await tools.page.getByRole("tooltip").waitFor();
    },
    close,
  },
  { name: "outbox-source-flowing", open: (tools) => openShop(tools, FLOWING), close },
  { name: "outbox-source-fault", open: (tools) => openShop(tools, FAULTY), close },
  { name: "outbox-source-refusing", open: (tools) => openShop(tools, REFUSING), close },
  {
    name: "outbox-source-unowned",
    open: (tools) =>
      openShop(tools, { ...FLOWING, standing: "unowned", owner: null, expiresInMs: null, rate: 0 }),
    close,
  },
  {
    name: "outbox-create",
    open: async (tools) => {
      await go(tools, "/outbox");
      await tools.page.locator("main [data-action=create-source]").first().click();
      const inputs = dialog(tools).locator("input[type=text], input:not([type])");
      await inputs.first().fill("shop");
      await dialog(tools).locator("pre").waitFor();
    },
  },
  {
    name: "outbox-pause",
    role: "operator",
    open: async (tools) => {
      await openShop(tools, FLOWING);
      await tools.page.locator("main [data-action=pause-source]").click();
      await dialog(tools).getByRole("textbox").waitFor();
    },
    close,
  },
  {
    name: "outbox-edit",
    open: async (tools) => {
      await openShop(tools, FLOWING);
      await tools.page.locator("main [data-action=edit-source]").click();
      await dialog(tools).locator("input[value=surelay_outbox]").fill("sales.surelay_outbox");
      await dialog(tools).locator("ins").first().waitFor();
    },
    close,
  },
  {
    name: "outbox-remove",
    open: async (tools) => {
      await openShop(tools, FLOWING);
      await tools.page.locator("main [data-action=remove-source]").click();
      await dialog(tools).getByRole("textbox").waitFor();
    },
    close,
  },
  {
    name: "outbox-discard",
    open: async (tools) => {
      await openShop(tools, REFUSING);
      await tools.page.locator("main [data-action=discard-rows]").first().click();
      await dialog(tools).getByRole("textbox").waitFor();
    },
    close,
  },
  {
    name: "outbox-test",
    open: async (tools) => {
      await openShop(tools, FLOWING);
      await tools.page.locator("main [data-action=test-source]").click();
      await tools.page.locator("[data-test=unset]").waitFor();
    },
    close,
  },
];

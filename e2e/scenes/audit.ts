import type { Scene, SceneTools } from "./scene.ts";

const go = ({ page, stack }: SceneTools, address: string) => page.goto(stack.consoleUrl + address);
/** The log cannot be emptied, so what a picture shows is told apart by who did it. */
const ACTOR = "scene-night";

async function write({ database }: SceneTools): Promise<string> {
  const { rows } = await database.query<{ id: string }>(
    "SELECT max(id)::text AS id FROM audit_log WHERE actor_name = $1 HAVING count(*) > 0",
    [ACTOR],
  );
  if (rows[0]) return rows[0].id;
  await database.query(
    `INSERT INTO audit_log (at, actor_id, actor_name, action, target_kind, target_id, before, after, reason, ip, user_agent)
     SELECT now() - v.ago, 'scene-operator', $1, v.action, v.kind, v.target, v.before::jsonb, v.after::jsonb, v.reason,
            '198.51.100.24', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:132.0) Gecko/20100101 Firefox/132.0'
     FROM (VALUES
       (interval '52 minutes', 'session.create', 'user', 'scene-operator', NULL, NULL, NULL),
       (interval '49 minutes', 'topic.pause', 'topic', 'orders.created', '{"paused": false}', '{"paused": true}',
        'The warehouse is counting its stock'),
       (interval '44 minutes', 'message.unmask', 'message', '019b1a50-0000-7000-8000-000000000001', NULL, NULL, NULL),
       (interval '40 minutes', 'message.cancel', 'message', '019b1a50-0000-7000-8000-000000000002',
        '{"state": "PREPARED"}', '{"state": "CANCELLED"}', 'Its order was never placed; confirmed by the shop'),
       (interval '31 minutes', 'lane.pause', 'lane', '3', '{"paused": false}', '{"paused": true}', 'Broker 2 is being moved'),
       (interval '22 minutes', 'lane.resume', 'lane', '3', '{"paused": true}', '{"paused": false}', 'Broker 2 is back'),
       (interval '20 minutes', 'topic.resume', 'topic', 'orders.created', '{"paused": true}', '{"paused": false}', 'Counted'),
       (interval '12 minutes', 'session.refuse', 'user', 'unknown', NULL, '{"why": "wrong_password"}', NULL),
       (interval '4 minutes', 'app.change', 'app', 'orders',
        '{"checkUrl": "https://orders.example.com/check", "checkAfterSeconds": 30, "contact": "#orders"}',
        '{"checkUrl": "https://orders.example.com/v2/check", "checkAfterSeconds": 60, "contact": "#orders"}',
        'Orders moved to its second version')
     ) AS v(ago, action, kind, target, before, after, reason) ORDER BY v.ago DESC`,
    [ACTOR],
  );
  return write({ database } as SceneTools);
}

async function open(tools: SceneTools, more = ""): Promise<void> {
  await write(tools);
  await go(tools, `/audit?who=${ACTOR}${more}`);
  await tools.page.locator("main tbody tr").first().waitFor();
}

export const scenes: Scene[] = [
  { name: "audit-list", open: (tools) => open(tools) },
  {
    name: "audit-peek",
    async open(tools) {
      await open(tools, `&peek=${await write(tools)}`);
      await tools.page.locator("ins").first().waitFor();
    },
  },
  {
    name: "audit-none",
    async open(tools) {
      await go(tools, "/audit?q=nothing-holds-this-text");
      await tools.page.locator("main h2, main h3").first().waitFor();
    },
  },
  {
    name: "audit-export",
    async open(tools) {
      await open(tools);
      await tools.page.locator("main header button").first().click();
      await tools.page.getByRole("dialog").locator("a").first().waitFor();
    },
  },
  {
    name: "audit-error",
    expectedErrors: /50[03]/,
    async open(tools) {
      await tools.database.query("ALTER TABLE audit_log RENAME TO audit_log_away");
      try {
        await go(tools, "/audit");
        await tools.page.locator("main h2").waitFor();
      } finally {
        await tools.database.query("ALTER TABLE audit_log_away RENAME TO audit_log");
      }
    },
  },
];

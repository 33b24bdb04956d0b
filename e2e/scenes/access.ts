import type { Page } from "@playwright/test";
import type { Scene, SceneTools } from "./scene.ts";

const go = ({ page, stack }: SceneTools, address: string) => page.goto(stack.consoleUrl + address);
const dialog = (page: Page) => page.getByRole("dialog");
/** Nobody can sign in as one of these: they have no password that anybody knows. */
const PEOPLE = [
  { id: "scene-admin", username: "scene-noor", name: "Noor, platform", role: "admin" },
  { id: "scene-operator", username: "scene-night", name: "Night shift", role: "operator" },
  { id: "scene-suspended", username: "scene-old", name: "Former colleague", role: "viewer", banned: true },
  { id: "scene-temporary", username: "scene-new", name: "Newcomer", role: "viewer", temporary: true },
  { id: "scene-invited", username: "scene-guest", name: "Invited guest", role: "viewer", invited: true },
  { id: "scene-none", username: "scene-waits", name: "Waits for access", role: null, provider: true },
] as const;

/** One operator in every state there is, with a browser or two. */
async function people({ database }: SceneTools): Promise<void> {
  for (const person of PEOPLE) {
    const { id, username, name, role } = person;
    await database.query(
      `INSERT INTO auth_user (id, name, email, username, role, banned, ban_reason, must_change_password)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
      [
        id,
        name,
        `${id}@operator.invalid`,
        username,
        role,
        "banned" in person,
        "banned" in person ? "Left the company in spring" : null,
        "temporary" in person,
      ],
    );
    if ("invited" in person) continue;
    await database.query(
      `INSERT INTO auth_account (id, account_id, provider_id, user_id) VALUES ($1, $1, $2, $1) ON CONFLICT DO NOTHING`,
      [id, "provider" in person ? "oidc" : "credential"],
    );
  }
  await database.query(
    `INSERT INTO auth_session (id, token, user_id, expires_at, ip_address, user_agent, created_at, last_seen_at)
     SELECT v.id, v.id || '-scene', 'scene-operator', now() + interval '6 hours', v.ip, v.agent,
            now() - interval '5 hours', now() - v.seen
     FROM (VALUES
       ('scene-session-1', '198.51.100.24', interval '4 minutes',
        'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:132.0) Gecko/20100101 Firefox/132.0'),
       ('scene-session-2', '2001:db8:7:1::2a', interval '3 hours',
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1')
     ) AS v(id, ip, seen, agent) ON CONFLICT DO NOTHING`,
  );
}

async function forget({ database }: SceneTools): Promise<void> {
  await database.query("DELETE FROM auth_user WHERE id = ANY($1)", [PEOPLE.map(({ id }) => id)]);
}

async function operators(tools: SceneTools, address = "/operators"): Promise<void> {
  await people(tools);
  await go(tools, address);
  await tools.page.getByText("scene-night").first().waitFor();
}

/** The nth of the buttons in the panel beside the list: role, reset, end, suspend, remove. */
async function ask(tools: SceneTools, nth: number): Promise<void> {
  await operators(tools, "/operators?peek=scene-operator");
  await tools.page.locator("[data-operator-actions] button").nth(nth).click();
  await dialog(tools.page).last().locator("textarea").waitFor();
}

export const scenes: Scene[] = [
  {
    name: "login-form",
    async open({ page, stack }) {
      await page.context().clearCookies({ name: /session_token/ });
      await page.goto(`${stack.consoleUrl}/login`);
      await page.locator("button[type=submit]:enabled").waitFor();
    },
  },
  {
    name: "login-wrong",
    expectedErrors: /401/,
    async open({ page, stack }) {
      await page.context().clearCookies({ name: /session_token/ });
      await page.goto(`${stack.consoleUrl}/login`);
      await page.locator("input[name=username]").fill("nobody");
      await page.locator("input[name=password]").fill("not the password");
      await page.locator("button[type=submit]:enabled").click();
      await page.locator(".mantine-Alert-root").waitFor();
    },
  },
  {
    name: "account-full",
    async open(tools) {
      await go(tools, "/account");
      await tools.page.locator("input[name=next]").filter({ visible: true }).waitFor();
    },
  },
  {
    name: "account-password-refused",
    async open(tools) {
      await go(tools, "/account");
      await tools.page.locator("input[name=current]").fill("whatever it is");
      await tools.page.locator("input[name=next]").fill("short");
      await tools.page.locator("input[name=repeat]").fill("something else");
      await tools.page.locator("main form button[type=submit]").click();
      await tools.page.locator(".mantine-PasswordInput-error").first().waitFor();
    },
  },
  {
    name: "account-loading",
    async open(tools) {
      // The page's skeleton was fetched ahead; the page itself does not come.
      await go(tools, "/account/permissions");
      await tools.page.waitForFunction(
        () =>
          performance.getEntriesByType("resource").filter(({ name }) => /\/account\?_rsc/.test(name)).length >
          1,
      );
      await tools.page.route(/\/account\?_rsc/, () => undefined);
      await tools.page.locator("main a[href='/account']").first().click();
      await tools.page.locator("main [aria-busy]").waitFor();
    },
  },
  { name: "permissions-table", open: async (tools) => void (await go(tools, "/account/permissions")) },
  {
    name: "permissions-viewer",
    role: "viewer",
    open: async (tools) => void (await go(tools, "/account/permissions")),
  },
  { name: "operators-list", open: operators, close: forget },
  {
    name: "operators-none",
    async open(tools) {
      await go(tools, "/operators?q=nobody-of-this-name");
      await tools.page.locator("main input").first().waitFor();
    },
  },
  {
    name: "operators-forbidden",
    role: "viewer",
    expectedErrors: /403/,
    async open(tools) {
      await go(tools, "/operators");
      await tools.page.locator("main h2").waitFor();
    },
  },
  {
    name: "operators-peek",
    async open(tools) {
      await operators(tools, "/operators?peek=scene-operator");
      await tools.page.getByText("198.51.100.24").waitFor();
    },
    close: forget,
  },
  {
    name: "operators-add",
    async open(tools) {
      await operators(tools);
      await tools.page.locator("main header button").first().click();
      await dialog(tools.page).locator("input").first().fill("late-shift");
    },
    close: forget,
  },
  { name: "operators-role", open: (tools) => ask(tools, 0), close: forget },
  { name: "operators-suspend", open: (tools) => ask(tools, 3), close: forget },
  { name: "operators-remove", open: (tools) => ask(tools, 4), close: forget },
  {
    name: "operators-password-once",
    async open(tools) {
      await ask(tools, 1);
      await dialog(tools.page).last().locator("textarea").fill("Forgotten over the holidays");
      await dialog(tools.page).last().locator("button[type=submit]").click();
      await tools.page.locator("[data-password]").waitFor();
    },
    close: forget,
  },
];

import { expect, test } from "./support/fixtures.ts";

test.use({ storageState: { cookies: [], origins: [] } });

test("without a session nothing is handed out", async ({ request, stack }) => {
  const input = encodeURIComponent(JSON.stringify({ json: { id: "0193a000-0000-7000-8000-000000000000" } }));
  const url = `${stack.consoleUrl}/api/trpc/messages.read?input=${input}`;
  expect((await request.get(url)).status()).toBe(401);
  expect(
    (
      await request.get(`${stack.consoleUrl}/api/messages/0193a000-0000-7000-8000-000000000000/payload`)
    ).status(),
  ).toBe(401);
});

test("another site cannot act in an operator's name, and the sign-in's other doors are shut", async ({
  request,
  stack,
}) => {
  const post = (path: string, headers: Record<string, string>) =>
    request.post(stack.consoleUrl + path, {
      data: "{}",
      headers: { "content-type": "application/json", ...headers },
    });
  expect((await post("/api/trpc/messages.unmask", { origin: "https://elsewhere.example" })).status()).toBe(
    403,
  );
  expect((await post("/api/trpc/messages.unmask", { "sec-fetch-site": "cross-site" })).status()).toBe(403);
  expect((await post("/api/trpc/messages.unmask", { "content-type": "text/plain" })).status()).toBe(403);
  expect((await post("/api/auth/sign-up/email", {})).status()).toBe(404);
  expect((await post("/api/auth/is-username-available", {})).status()).toBe(404);
});

test("pages carry a policy with a nonce of their own", async ({ request, stack }) => {
  const [one, two] = await Promise.all([
    request.get(`${stack.consoleUrl}/login`),
    request.get(`${stack.consoleUrl}/login`),
  ]);
  const policy = one.headers()["content-security-policy"]!;
  expect(policy).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic'(;|$)/);
  expect(policy).not.toBe(two.headers()["content-security-policy"]);
  expect(one.headers()["x-content-type-options"]).toBe("nosniff");
});

test("probes answer without signing in", async ({ request, stack }) => {
  for (const path of ["/healthz", "/readyz"])
    expect((await request.get(stack.consoleUrl + path)).status()).toBe(200);
  expect(await (await request.get(`${stack.consoleUrl}/metrics`)).text()).toContain("process_cpu");
});

test.describe("with a role that this version does not know", () => {
  test.use({ expectedErrors: /403/ });

  test("says so instead of failing", async ({ page, stack, database }, testInfo) => {
    await database.query("UPDATE auth_user SET role = 'guest' WHERE username = 'admin'");
    try {
      await page.goto("/login");
      await page.getByLabel("Username").fill(stack.admin.username);
      await page.getByLabel("Password", { exact: true }).fill(stack.admin.password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(page.getByRole("heading", { name: "Your role may not see this" })).toBeVisible();
      await page.screenshot({ path: testInfo.outputPath("forbidden.png") });
    } finally {
      await database.query("UPDATE auth_user SET role = 'admin' WHERE username = 'admin'");
    }
  });
});

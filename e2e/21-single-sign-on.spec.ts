import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { type TestProvider, startOidcProvider } from "../test/support/oidc-provider.ts";
import { expect, test } from "./support/fixtures.ts";
import { STACK_FILE } from "./support/paths.ts";
import type { Stack } from "./support/stack.ts";
import { startConsole } from "./support/start-console.ts";

test.use({ storageState: { cookies: [], origins: [] } });

let provider: TestProvider;
let site: { url: string; stop: () => Promise<void> };

test.beforeAll(async () => {
  const stack = JSON.parse(readFileSync(STACK_FILE, "utf8")) as Stack;
  site = await startConsole(stack, async (url) => {
    provider = await startOidcProvider(`${url}/api/auth/callback/oidc`);
    return {
      SURELAY_OIDC_ISSUER: provider.issuer,
      SURELAY_OIDC_CLIENT_ID: provider.clientId,
      SURELAY_OIDC_CLIENT_SECRET: provider.clientSecret,
      SURELAY_OIDC_NAME: "Example Login",
      SURELAY_OIDC_SCOPES: "openid,profile,groups",
      SURELAY_OIDC_ROLE_CLAIM: "groups",
      SURELAY_OIDC_ROLES: "staff=viewer,on-call=operator",
      SURELAY_OIDC_CREATE: "mapped",
    };
  });
});

test.afterAll(async () => {
  await site?.stop();
  await provider?.stop();
});

test("an operator comes in by the provider, with the role of a group, and goes to the page that was asked for", async ({
  page,
}) => {
  provider.person = {
    sub: randomUUID(),
    preferred_username: `sso-${randomUUID().slice(0, 8)}`,
    name: "Night shift",
    groups: ["on-call"],
  };
  await page.goto(`${site.url}/workers`);
  await page.getByRole("button", { name: "Sign in with Example Login" }).click();
  await expect(page).toHaveURL(`${site.url}/workers`);
  await expect(page.getByRole("heading", { level: 1, name: "Workers" })).toBeVisible();
  await page.goto(`${site.url}/account/permissions`);
  await expect(page.getByRole("columnheader", { name: "Operator (you)" })).toBeVisible();
});

test("who has no role at the provider is told so, and gets no session", async ({ page }) => {
  provider.person = {
    sub: randomUUID(),
    preferred_username: `sso-${randomUUID().slice(0, 8)}`,
    name: "Stranger",
    groups: ["sales"],
  };
  await page.goto(`${site.url}/login`);
  await page.getByRole("button", { name: "Sign in with Example Login" }).click();
  await expect(page).toHaveURL(/\/login\?.*error=/);
  await expect(page.getByRole("alert").filter({ hasText: "Ask an admin" })).toBeVisible();
  await page.goto(`${site.url}/workers`);
  await expect(page).toHaveURL(/\/login/);
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type OperatorAuth, createOperatorAuth } from "../../server/auth/operator-auth.ts";
import { type Operator, readOperator } from "../../server/auth/read-operator.ts";
import { SignInDoor } from "../../server/auth/sign-in-door.ts";
import type { OidcSettings } from "../../server/config/oidc-settings.ts";
import { trustedProxies } from "../../server/config/trusted-proxies.ts";
import { silentLog } from "../../server/log.ts";
import { type Prisma, createPrisma } from "../../server/prisma.ts";
import { createUser } from "../../server/services/users/create-user.ts";
import { useDatabase } from "../support/database.ts";
import { type TestProvider, startOidcProvider } from "../support/oidc-provider.ts";

const database = useDatabase();
const ORIGIN = "http://127.0.0.1:3000";
const PASSWORD = "correct horse battery";
const BY = { actorId: null, actorName: "test" };
let provider: TestProvider;
let auth: OperatorAuth;
let prisma: Prisma;

beforeAll(async () => {
  provider = await startOidcProvider(`${ORIGIN}/api/auth/callback/oidc`);
  prisma = createPrisma(database.pool);
  auth = createOperatorAuth(options());
});
afterAll(() => provider.stop());
beforeEach(() => {
  provider.person = { sub: "nobody" };
});

const options = () => ({
  db: database.pool,
  prisma,
  log: silentLog,
  baseUrl: ORIGIN,
  origins: [ORIGIN],
  secret: "a secret of this test, at least 32 characters",
});

function doorWith(part: Partial<OidcSettings> = {}): SignInDoor {
  const oidc: OidcSettings = {
    issuer: provider.issuer,
    clientId: provider.clientId,
    clientSecret: provider.clientSecret,
    scopes: ["openid", "profile", "email", "groups"],
    name: "Test",
    usernameClaim: "preferred_username",
    roleClaim: null,
    roles: [],
    create: "anyone",
    ...part,
  };
  return new SignInDoor({ ...options(), auth, proxies: trustedProxies([]), passwords: true, oidc });
}
const MAPPED: Partial<OidcSettings> = {
  roleClaim: "groups",
  roles: [
    { value: "staff", role: "viewer" },
    { value: "on-call", role: "operator" },
  ],
};

/** Keeps cookies as a browser does: apart for the console and the provider, which differ by port. */
class Browser {
  readonly door: SignInDoor;
  readonly #jars = new Map<string, Map<string, string>>();

  constructor(door: SignInDoor) {
    this.door = door;
  }

  /** One request, redirects not followed. */
  async visit(address: string, init: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(address);
    const jar = this.#jars.get(origin) ?? new Map<string, string>();
    this.#jars.set(origin, jar);
    const headers = new Headers(init.headers);
    headers.set("cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
    headers.set("x-surelay-peer", "203.0.113.9");
    const request = new Request(address, { ...init, headers, redirect: "manual" });
    const response = await (origin === ORIGIN ? this.door.handle(request) : fetch(request));
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (value === "" || /max-age=0/i.test(line)) jar.delete(name!);
      else jar.set(name!, value!);
    }
    return response;
  }

  /** To the provider: the address that the console sends the browser to. */
  async leave(): Promise<string> {
    const response = await this.visit(`${ORIGIN}/api/auth/sign-in/oidc`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: ORIGIN },
      body: JSON.stringify({ next: "/audit?who=ada" }),
    });
    expect(response.status).toBe(200);
    return ((await response.json()) as { url: string }).url;
  }

  /** Through the provider's pages, up to the address that it sends the browser back to. */
  async pass(address: string): Promise<string> {
    for (let at = address; ; ) {
      const response = await this.visit(at);
      const location = response.headers.get("location");
      if (location === null) throw new Error(`${at} ends with ${response.status}: ${await response.text()}`);
      at = new URL(location, at).href;
      if (at.startsWith(ORIGIN)) return at;
    }
  }

  /** The whole way. @returns where the console leads to in the end */
  async signIn(): Promise<string> {
    const answer = await this.visit(await this.pass(await this.leave()));
    return answer.headers.get("location")!;
  }

  operator(): Promise<Operator | null> {
    const cookie = [...(this.#jars.get(ORIGIN) ?? [])].map(([name, value]) => `${name}=${value}`).join("; ");
    return readOperator(auth, new Headers({ cookie }));
  }
}

const entries = async (targetId: string) =>
  (
    await database.pool.query<{ actor_name: string; action: string; after: Record<string, unknown> }>(
      "SELECT actor_name, action, after FROM audit_log WHERE target_id = $1 ORDER BY id",
      [targetId],
    )
  ).rows;

describe("somebody whom the provider lets through", () => {
  test("gets an account without access, recognised the next time, and nothing of the provider's is kept", async () => {
    provider.person = { sub: "s-1", preferred_username: "Ada", name: "Ada L.", email: "ada@example.com" };
    const browser = new Browser(doorWith());
    expect(await browser.signIn()).toBe(`${ORIGIN}/audit?who=ada`);
    const operator = (await browser.operator())!;
    expect(operator).toMatchObject({ username: "ada", name: "Ada L.", role: null, permissions: [] });
    const again = new Browser(doorWith());
    await again.signIn();
    expect((await again.operator())!.id).toBe(operator.id);

    const { rows } = await database.pool.query(
      "SELECT a.*, u.email FROM auth_account a JOIN auth_user u ON u.id = a.user_id WHERE u.id = $1",
      [operator.id],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      provider_id: "oidc",
      account_id: `${provider.issuer}|s-1`,
      access_token: null,
      refresh_token: null,
      id_token: null,
      email: "ada@operator.invalid",
    });
    expect((await entries(operator.id)).map(({ actor_name, action }) => [actor_name, action])).toEqual([
      ["identity provider", "user.create"],
      ["ada", "session.create"],
      ["ada", "session.create"],
    ]);
  });

  test("is let in with the role that an admin gave here, and keeps it", async () => {
    provider.person = { sub: "s-2", preferred_username: "grace" };
    const browser = new Browser(doorWith());
    await browser.signIn();
    await database.pool.query("UPDATE auth_user SET role = 'viewer' WHERE username = 'grace'");
    expect((await browser.operator())!.permissions).toContain("message.read");
    await new Browser(doorWith()).signIn();
    expect((await browser.operator())!.role).toBe("viewer");
  });

  test("is kept out while suspended", async () => {
    provider.person = { sub: "s-3", preferred_username: "mallory" };
    await new Browser(doorWith()).signIn();
    await database.pool.query("UPDATE auth_user SET banned = true WHERE username = 'mallory'");
    const browser = new Browser(doorWith());
    expect(await browser.signIn()).toMatch(/\/login\?error=suspended/i);
    expect(await browser.operator()).toBeNull();
  });
});

describe("roles that the provider names", () => {
  test("are taken over with every sign-in, the strongest first, and taken away", async () => {
    const door = doorWith(MAPPED);
    const roles: (string | null)[] = [];
    for (const groups of [["staff", "on-call"], ["staff"], ["elsewhere"], ["on-call"]]) {
      provider.person = { sub: "r-1", preferred_username: "linus", groups };
      const browser = new Browser(door);
      await browser.signIn();
      roles.push((await browser.operator())!.role);
    }
    expect(roles).toEqual(["operator", "viewer", null, "operator"]);
    const { rows } = await database.pool.query<{ id: string }>(
      "SELECT id FROM auth_user WHERE username = 'linus'",
    );
    const changes = (await entries(rows[0]!.id)).filter(({ action }) => action === "user.change_role");
    expect(changes.map(({ after }) => after["role"])).toEqual(["viewer", null, "operator"]);
  });

  test("may be what it takes to get an account", async () => {
    const door = doorWith({ ...MAPPED, create: "mapped" });
    provider.person = { sub: "r-2", preferred_username: "passer-by", groups: ["elsewhere"] };
    expect(await new Browser(door).signIn()).toBe("/login?error=not_invited");
    provider.person = { sub: "r-2", preferred_username: "passer-by", groups: ["staff"] };
    const browser = new Browser(door);
    await browser.signIn();
    expect((await browser.operator())!.role).toBe("viewer");
  });
});

describe("accounts that are there already", () => {
  test("are never joined by a name or an e-mail address", async () => {
    const { id } = await createUser(database.pool, {
      username: "boss",
      role: "admin",
      password: PASSWORD,
      by: BY,
    });
    provider.person = {
      sub: "j-1",
      preferred_username: "boss",
      email: "boss@operator.invalid",
      email_verified: true,
    };
    const browser = new Browser(doorWith());
    expect(await browser.signIn()).toBe("/login?error=name_taken");
    expect(await browser.operator()).toBeNull();
    provider.person = { ...provider.person, preferred_username: "somebody-else" };
    await browser.signIn();
    expect((await browser.operator())!.id).not.toBe(id);
    const { rows } = await database.pool.query("SELECT provider_id FROM auth_account WHERE user_id = $1", [
      id,
    ]);
    expect(rows).toEqual([{ provider_id: "credential" }]);
  });

  test("are joined once when an admin made them for the provider", async () => {
    const { id } = await createUser(database.pool, {
      username: "invited",
      role: "operator",
      password: null,
      by: BY,
    });
    provider.person = { sub: "j-2", preferred_username: "invited" };
    const door = doorWith({ create: "invited" });
    const browser = new Browser(door);
    await browser.signIn();
    expect(await browser.operator()).toMatchObject({ id, role: "operator" });
    provider.person = { sub: "j-3", preferred_username: "invited" };
    expect(await new Browser(door).signIn()).toBe("/login?error=name_taken");
    provider.person = { sub: "j-4", preferred_username: "uninvited" };
    expect(await new Browser(door).signIn()).toBe("/login?error=not_invited");
    provider.person = { sub: "j-5" };
    expect(await new Browser(door).signIn()).toBe("/login?error=no_name");
    expect((await entries("uninvited"))[0]).toMatchObject({
      action: "session.refuse",
      after: { why: "not_invited" },
    });
  });
});

describe("the way there and back", () => {
  const failure = (answer: Response) =>
    new URL(answer.headers.get("location")!, ORIGIN).searchParams.get("error");

  beforeEach(() => {
    provider.person = { sub: "w-1", preferred_username: "wanderer" };
  });

  test("is bound by state, nonce and a code challenge", async () => {
    const url = new URL(await new Browser(doorWith()).leave());
    expect(url.origin).toBe(provider.issuer);
    expect(url.searchParams.get("code_challenge_method")).toBe("S256");
    for (const name of ["state", "nonce", "code_challenge"])
      expect(url.searchParams.get(name)!.length, name).toBeGreaterThanOrEqual(32);
    expect(url.searchParams.get("scope")).toBe("openid profile email groups");
    expect(url.searchParams.get("redirect_uri")).toBe(`${ORIGIN}/api/auth/callback/oidc`);
  });

  test("cannot be walked with somebody else's answer, twice, or with one made up", async () => {
    const door = doorWith();
    const [own, other] = [new Browser(door), new Browser(door)];
    const back = await own.pass(await own.leave());
    expect(failure(await other.visit(back))).toMatch(/state/);
    expect(await other.operator()).toBeNull();
    expect(failure(await own.visit(back))).toBeNull();
    expect(await own.operator()).not.toBeNull();
    expect(failure(await own.visit(back))).not.toBeNull();
    for (const query of ["", "?code=x", "?state=x&code=x", "?error=access_denied"])
      expect(failure(await other.visit(`${ORIGIN}/api/auth/callback/oidc${query}`)), query).not.toBeNull();
    expect(await other.operator()).toBeNull();
  });

  test("refuses a token for another request, and an answer in another issuer's name", async () => {
    const door = doorWith();
    const browser = new Browser(door);
    const url = new URL(await browser.leave());
    url.searchParams.set("nonce", "another request's nonce, long enough");
    expect(failure(await browser.visit(await browser.pass(url.href)))).toBe("unable_to_get_user_info");

    const back = new URL(await browser.pass(await browser.leave()));
    expect(back.searchParams.get("iss")).toBe(provider.issuer);
    back.searchParams.set("iss", "https://elsewhere.example");
    expect(failure(await browser.visit(back.href))).toBe("issuer_mismatch");
    expect(await browser.operator()).toBeNull();
  });

  test("leads nowhere but to the console", async () => {
    const browser = new Browser(doorWith());
    for (const next of ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", 7]) {
      const answer = await browser.visit(`${ORIGIN}/api/auth/sign-in/oidc`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: ORIGIN },
        body: JSON.stringify({ next, idToken: { token: "x" }, requestSignUp: true, scopes: ["x"] }),
      });
      const { url } = (await answer.json()) as { url: string };
      expect(new URL(url).searchParams.get("scope")).toBe("openid profile email groups");
      const end = (await browser.visit(await browser.pass(url))).headers.get("location")!;
      expect(new URL(end).origin).toBe(ORIGIN);
    }
  });
});

describe("a provider that does not answer", () => {
  const ask = (door: SignInDoor) =>
    door.handle(
      new Request(`${ORIGIN}/api/auth/sign-in/oidc`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: ORIGIN },
        body: "{}",
      }),
    );

  test("keeps nobody from signing in with a password, and is asked again", async () => {
    const door = doorWith();
    const settings = door.options.oidc!;
    const { issuer } = settings;
    settings.issuer = "http://127.0.0.1:9";
    expect((await ask(door)).status).toBe(503);
    await createUser(database.pool, { username: "by-name", role: "viewer", password: PASSWORD, by: BY });
    const answer = await door.handle(
      new Request(`${ORIGIN}/api/auth/sign-in/username`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: ORIGIN },
        body: JSON.stringify({ username: "by-name", password: PASSWORD }),
      }),
    );
    expect(answer.status).toBe(200);
    settings.issuer = issuer;
    expect((await ask(door)).status).toBe(200);
  });

  test("or calls itself otherwise than configured is not believed", async () => {
    expect((await ask(doorWith({ issuer: provider.issuer.replace("127.0.0.1", "localhost") }))).status).toBe(
      503,
    );
  });
});

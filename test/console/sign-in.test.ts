import { beforeAll, describe, expect, test } from "vitest";
import { createFirstAdmin } from "../../server/auth/first-admin.ts";
import { type OperatorAuth, createOperatorAuth } from "../../server/auth/operator-auth.ts";
import { readOperator } from "../../server/auth/read-operator.ts";
import { SignInDoor } from "../../server/auth/sign-in-door.ts";
import { trustedProxies } from "../../server/config/trusted-proxies.ts";
import { admitSignIn, MAX_PER_ADDRESS, MAX_PER_NAME } from "../../server/auth/throttle-sign-in.ts";
import { silentLog } from "../../server/log.ts";
import { createPrisma } from "../../server/prisma.ts";
import { changeOwnPassword } from "../../server/services/users/change-own-password.ts";
import { createUser } from "../../server/services/users/create-user.ts";
import { resetPassword } from "../../server/services/users/reset-password.ts";
import { useDatabase } from "../support/database.ts";

const database = useDatabase();
const ORIGIN = "http://127.0.0.1:3000";
const PASSWORD = "correct horse battery";
const TEST = { actorId: null, actorName: "test" };
let auth: OperatorAuth;
let door: SignInDoor;

beforeAll(() => {
  const options = {
    db: database.pool,
    prisma: createPrisma(database.pool),
    log: silentLog,
    baseUrl: ORIGIN,
    origins: [ORIGIN],
    secret: "a secret of this test, at least 32 characters",
  };
  auth = createOperatorAuth(options);
  door = new SignInDoor({ ...options, auth, proxies: trustedProxies([]), passwords: true, oidc: null });
});

function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return door.handle(
    new Request(`${ORIGIN}/api/auth${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: ORIGIN, ...headers },
      body: JSON.stringify(body),
    }),
  );
}

const signIn = (username: string, password: string, headers?: Record<string, string>) =>
  post("/sign-in/username", { username, password }, headers);

const auditOf = async (targetId: string) =>
  (
    await database.pool.query<{ actor_name: string; action: string; after: unknown; ip: string | null }>(
      "SELECT actor_name, action, after, ip FROM audit_log WHERE target_id = $1 ORDER BY id",
      [targetId],
    )
  ).rows;

const cookieOf = (response: Response) =>
  new Headers({ cookie: response.headers.get("set-cookie")!.split(";")[0]! });
const user = (username: string, role: "viewer" | "operator" | "admin" = "viewer") =>
  createUser(database.pool, { username, role, password: PASSWORD, by: TEST });

describe("the first admin", () => {
  test("is made once, however many ask at once, and can sign in", async () => {
    const made = await Promise.all(
      Array.from({ length: 5 }, () =>
        createFirstAdmin(database.pool, { username: "admin", password: PASSWORD }),
      ),
    );
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await createFirstAdmin(database.pool, { username: "second", password: PASSWORD })).toBe(false);
    const answer = await signIn("Admin ", PASSWORD);
    expect(answer.status).toBe(200);
    const cookie = answer.headers.get("set-cookie")!;
    expect(cookie).toMatch(/^surelay\.session_token=.*HttpOnly.*SameSite=Lax/i);
    const operator = await readOperator(auth, cookieOf(answer));
    expect(operator).toMatchObject({ username: "admin", role: "admin" });
  });
});

describe("accounts", () => {
  test("have a name of the right form, a password long enough, and a name of their own", async () => {
    await expect(user("no spaces")).rejects.toMatchObject({ code: "validation_failed" });
    await expect(
      createUser(database.pool, {
        username: "short",
        role: "viewer",
        password: "eleven char",
        by: TEST,
      }),
    ).rejects.toThrow("12 to 128");
    await user("Twice");
    await expect(user("twice")).rejects.toThrow('There is a user "twice" already.');
  });

  test("a new password ends the sessions of the old one; both are in the audit log", async () => {
    const { id } = await user("forgetful", "operator");
    const before = await signIn("forgetful", PASSWORD);
    await resetPassword(database.pool, {
      username: "Forgetful",
      password: "another password",
      by: TEST,
    });
    expect(await readOperator(auth, cookieOf(before))).toBeNull();
    expect((await signIn("forgetful", PASSWORD)).status).toBe(401);
    expect((await signIn("forgetful", "another password")).status).toBe(200);
    const { rows } = await database.pool.query(
      "SELECT action FROM audit_log WHERE target_id = $1 ORDER BY id",
      [id],
    );
    expect(rows.map((row) => row.action)).toEqual([
      "user.create",
      "session.create",
      "user.reset_password",
      "session.refuse",
      "session.create",
    ]);
    await expect(
      resetPassword(database.pool, { username: "nobody", password: PASSWORD, by: TEST }),
    ).rejects.toMatchObject({ code: "not_found" });
  });

  test("a suspended account does not get in, and is out with its next request", async () => {
    await user("suspended");
    const session = cookieOf(await signIn("suspended", PASSWORD));
    await database.pool.query("UPDATE auth_user SET banned = true WHERE username = 'suspended'");
    expect(await readOperator(auth, session)).toBeNull();
    expect((await signIn("suspended", PASSWORD)).status).toBe(403);
  });

  test("a changed role counts with the next request", async () => {
    await user("promoted");
    const session = cookieOf(await signIn("promoted", PASSWORD));
    expect((await readOperator(auth, session))?.permissions).not.toContain("payload.unmask");
    await database.pool.query("UPDATE auth_user SET role = 'operator' WHERE username = 'promoted'");
    expect((await readOperator(auth, session))?.permissions).toContain("payload.unmask");
  });
});

describe("attempts", () => {
  test("are answered alike for a wrong password and for a name that is nobody's", async () => {
    await user("known");
    const [wrong, unknown] = [await signIn("known", "not the password"), await signIn("unknown", PASSWORD)];
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(await wrong.text()).toBe(await unknown.text());
  });

  test("are limited per name, the right password included, while others get in", async () => {
    await user("attacked");
    await user("neighbour");
    for (let n = 0; n < MAX_PER_NAME; n++)
      expect((await signIn("attacked", `guess number ${n}`)).status).toBe(401);
    const refused = await signIn("attacked", PASSWORD);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await signIn("ATTACKED", PASSWORD)).status).toBe(429);
    expect((await signIn("neighbour", PASSWORD)).status).toBe(200);
    await database.pool.query("UPDATE auth_rate_limit SET last_request = last_request - 61000");
    expect((await signIn("attacked", PASSWORD)).status).toBe(200);
  });

  test("a success clears the count", async () => {
    await user("clumsy");
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 5; n++) await signIn("clumsy", "not the password");
      expect((await signIn("clumsy", PASSWORD)).status).toBe(200);
    }
  });

  /** Counted as the door counts them, without the slow hash of each. */
  const failures = async (count: number, addressOf: (n: number) => string) => {
    for (let n = 0; n < count; n++)
      await admitSignIn(database.pool, { username: `nobody-${n}`, address: addressOf(n) });
  };

  test("are limited per address over many names; a right password is not held against it", async () => {
    await user("colleague");
    const from = (address: string) => ({ "x-surelay-peer": address });
    await failures(MAX_PER_ADDRESS - 2, () => "203.0.113.66");
    for (const name of ["nobody-a", "nobody-b"]) {
      expect((await signIn("colleague", PASSWORD, from("203.0.113.66"))).status).toBe(200);
      expect((await signIn(name, PASSWORD, from("203.0.113.66"))).status).toBe(401);
    }
    const refused = await signIn("colleague", PASSWORD, from("203.0.113.66"));
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await signIn("colleague", PASSWORD, from("203.0.113.67"))).status).toBe(200);
  });

  test("from one subscriber's IPv6 network count together", async () => {
    const from = (address: string) => ({ "x-surelay-peer": address });
    await failures(MAX_PER_ADDRESS - 1, (n) => `2001:db8:0:7::${n.toString(16)}`);
    expect((await signIn("nobody", PASSWORD, from("2001:db8:0:7:ffff::"))).status).toBe(401);
    expect((await signIn("nobody", PASSWORD, from("2001:db8:0:7:1:2:3:4"))).status).toBe(429);
    expect((await signIn("nobody", PASSWORD, from("2001:db8:0:8::1"))).status).toBe(401);
  });
});

describe("the audit log", () => {
  test("knows who came from where, who was refused and why, and who left", async () => {
    const { id } = await user("recorded");
    const from = { "x-surelay-peer": "203.0.113.9", "x-forwarded-for": "198.51.100.1" };
    await signIn("recorded", "not the password", from);
    const session = await signIn("Recorded", PASSWORD, from);
    await post("/sign-out", {}, { ...from, cookie: cookieOf(session).get("cookie")! });
    expect(await readOperator(auth, cookieOf(session))).toBeNull();
    await database.pool.query("UPDATE auth_user SET banned = true WHERE id = $1", [id]);
    await signIn("recorded", PASSWORD, from);
    expect((await auditOf(id)).slice(1)).toEqual([
      {
        actor_name: "recorded",
        action: "session.refuse",
        after: { why: "wrong_password" },
        ip: "203.0.113.9",
      },
      { actor_name: "recorded", action: "session.create", after: null, ip: "203.0.113.9" },
      { actor_name: "recorded", action: "session.end", after: null, ip: "203.0.113.9" },
      { actor_name: "recorded", action: "session.refuse", after: { why: "suspended" }, ip: "203.0.113.9" },
    ]);
  });

  test("holds the first refusal of a flood, and never what was typed for a name that is nobody's", async () => {
    const { id } = await user("flooded");
    for (let n = 0; n < MAX_PER_NAME + 5; n++) await signIn("flooded", "not the password");
    const refusals = (await auditOf(id)).map(({ after }) => (after as { why?: string }).why);
    expect(refusals.filter((why) => why === "wrong_password")).toHaveLength(MAX_PER_NAME);
    expect(refusals.filter((why) => why === "throttled_by_name")).toHaveLength(1);
    await signIn("my-secret-password-1", "x");
    const { rows } = await database.pool.query("SELECT l::text AS line FROM audit_log l");
    expect(rows.map(({ line }) => line as string).join()).not.toMatch(/my-secret-password|not the password/);
  });
});

describe("the door", () => {
  test.each([
    "/sign-up/email",
    "/sign-in/email",
    "/sign-in/social",
    "/change-password",
    "/update-user",
    "/list-sessions",
    "/is-username-available",
    "/sign-in/oidc",
  ])("%s is shut", async (path) => {
    const body = { email: "x@example.com", name: "x", password: PASSWORD, username: "intruder" };
    expect((await post(path, body)).status).toBe(404);
    expect((await database.pool.query("SELECT FROM auth_user WHERE username = 'intruder'")).rowCount).toBe(0);
  });

  test("opens to the console's own pages, to JSON, and to no method else", async () => {
    expect((await signIn("admin", PASSWORD, { origin: "https://elsewhere.example" })).status).toBe(403);
    expect((await signIn("admin", PASSWORD, { "content-type": "text/plain" })).status).toBe(403);
    expect((await post("/sign-in/username", { username: "admin" })).status).toBe(400);
    expect((await post("/sign-in/username", { username: "admin", password: "x".repeat(9000) })).status).toBe(
      400,
    );
    for (const path of ["/sign-in/username", "/session", "/get-session", "/callback/oidc"])
      expect((await door.handle(new Request(`${ORIGIN}/api/auth${path}`))).status).toBe(404);
  });

  test("can be shut to passwords", async () => {
    const shut = new SignInDoor({ ...door.options, passwords: false });
    const answer = await shut.handle(
      new Request(`${ORIGIN}/api/auth/sign-in/username`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: ORIGIN },
        body: JSON.stringify({ username: "admin", password: PASSWORD }),
      }),
    );
    expect(answer.status).toBe(404);
  });
});

describe("a temporary password", () => {
  test("opens nothing until it is replaced", async () => {
    await createUser(database.pool, {
      username: "newcomer",
      role: "admin",
      password: PASSWORD,
      temporary: true,
      by: TEST,
    });
    const session = cookieOf(await signIn("newcomer", PASSWORD));
    const operator = (await readOperator(auth, session))!;
    expect(operator).toMatchObject({ role: "admin", mustChangePassword: true, permissions: [] });
    await changeOwnPassword(database.pool, {
      operator,
      current: PASSWORD,
      next: "tide over the old pier",
      by: TEST,
    });
    const after = (await readOperator(auth, session))!;
    expect(after).toMatchObject({ mustChangePassword: false });
    expect(after.permissions).toContain("operator.manage");
  });
});

describe("changing one's own password", () => {
  const change = async (session: Headers, current: string, next: string) =>
    changeOwnPassword(database.pool, {
      operator: (await readOperator(auth, session))!,
      current,
      next,
      by: TEST,
    });

  test("needs the present one, obeys the policy, keeps this session and ends the others", async () => {
    await user("careful");
    const [here, elsewhere] = [
      cookieOf(await signIn("careful", PASSWORD)),
      cookieOf(await signIn("careful", PASSWORD)),
    ];
    await expect(change(here, "not the password", "tide over the old pier")).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(change(here, PASSWORD, "password123456")).rejects.toThrow("commonest");
    await expect(change(here, PASSWORD, "i am careful, really")).rejects.toThrow("username");
    await expect(change(here, PASSWORD, PASSWORD)).rejects.toThrow("present one");
    expect(await change(here, PASSWORD, "tide over the old pier")).toEqual({ endedSessions: 1 });
    expect(await readOperator(auth, here)).not.toBeNull();
    expect(await readOperator(auth, elsewhere)).toBeNull();
    expect((await signIn("careful", PASSWORD)).status).toBe(401);
    expect((await signIn("careful", "tide over the old pier")).status).toBe(200);
  });

  test("is no place to guess at", async () => {
    await user("left-open");
    const session = cookieOf(await signIn("left-open", PASSWORD));
    for (let n = 0; n < MAX_PER_NAME; n++)
      await expect(change(session, `guess number ${n}`, "tide over the old pier")).rejects.toMatchObject({
        code: "forbidden",
      });
    await expect(change(session, PASSWORD, "tide over the old pier")).rejects.toMatchObject({
      code: "rate_limited",
    });
  });
});

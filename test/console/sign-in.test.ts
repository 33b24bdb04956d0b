import { beforeAll, describe, expect, test } from "vitest";
import { createFirstAdmin } from "../../server/auth/first-admin.ts";
import { type OperatorAuth, createOperatorAuth } from "../../server/auth/operator-auth.ts";
import { readOperator } from "../../server/auth/read-operator.ts";
import { MAX_PER_NAME } from "../../server/auth/throttle-sign-in.ts";
import { silentLog } from "../../server/log.ts";
import { createPrisma } from "../../server/prisma.ts";
import { createUser } from "../../server/services/users/create-user.ts";
import { resetPassword } from "../../server/services/users/reset-password.ts";
import { useDatabase } from "../support/database.ts";

const database = useDatabase();
const ORIGIN = "http://127.0.0.1:3000";
const PASSWORD = "correct horse battery";
let auth: OperatorAuth;

beforeAll(() => {
  auth = createOperatorAuth({
    db: database.pool,
    prisma: createPrisma(database.pool),
    log: silentLog,
    baseUrl: ORIGIN,
    origins: [ORIGIN],
    secret: "a secret of this test, at least 32 characters",
  });
});

function signIn(username: string, password: string): Promise<Response> {
  return auth.handler(
    new Request(`${ORIGIN}/api/auth/sign-in/username`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: ORIGIN },
      body: JSON.stringify({ username, password }),
    }),
  );
}

const cookieOf = (response: Response) =>
  new Headers({ cookie: response.headers.get("set-cookie")!.split(";")[0]! });
const user = (username: string, role: "viewer" | "operator" | "admin" = "viewer") =>
  createUser(database.pool, { username, role, password: PASSWORD, createdBy: "test" });

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
        createdBy: "test",
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
      resetBy: "test",
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
      "session.create",
    ]);
    await expect(
      resetPassword(database.pool, { username: "nobody", password: PASSWORD, resetBy: "test" }),
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

  test("nobody signs up", async () => {
    const answer = await auth.handler(
      new Request(`${ORIGIN}/api/auth/sign-up/email`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: ORIGIN },
        body: JSON.stringify({ email: "x@example.com", name: "x", password: PASSWORD, username: "intruder" }),
      }),
    );
    expect(answer.ok).toBe(false);
    expect((await database.pool.query("SELECT FROM auth_user WHERE username = 'intruder'")).rowCount).toBe(0);
  });
});

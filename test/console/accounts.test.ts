import { beforeAll, describe, expect, test } from "vitest";
import { type OperatorAuth, createOperatorAuth } from "../../server/auth/operator-auth.ts";
import { type Operator, readOperator } from "../../server/auth/read-operator.ts";
import type { Role } from "../../server/auth/permissions.ts";
import { SignInDoor } from "../../server/auth/sign-in-door.ts";
import { trustedProxies } from "../../server/config/trusted-proxies.ts";
import { silentLog } from "../../server/log.ts";
import { type Prisma, createPrisma } from "../../server/prisma.ts";
import { createUser } from "../../server/services/users/create-user.ts";
import { createCaller } from "../../server/trpc/router.ts";
import { useDatabase } from "../support/database.ts";
import { contextOf } from "./console-context.ts";

const database = useDatabase();
const ORIGIN = "http://127.0.0.1:3000";
const PASSWORD = "correct horse battery";
let auth: OperatorAuth;
let door: SignInDoor;
let prisma: Prisma;

beforeAll(() => {
  prisma = createPrisma(database.pool);
  const options = {
    db: database.pool,
    prisma,
    log: silentLog,
    baseUrl: ORIGIN,
    origins: [ORIGIN],
    secret: "a secret of this test, at least 32 characters",
  };
  auth = createOperatorAuth(options);
  door = new SignInDoor({ ...options, auth, proxies: trustedProxies([]), passwords: true, oidc: null });
});

/** Somebody with an account and, with every call of `enter`, one more signed-in browser. */
async function somebody(username: string, role: Role) {
  const { id } = await createUser(database.pool, {
    username,
    role,
    password: PASSWORD,
    by: { actorId: null, actorName: "test" },
  });
  return { id, enter: (password = PASSWORD) => enter(username, password) };
}

async function enter(username: string, password: string) {
  const response = await door.handle(
    new Request(`${ORIGIN}/api/auth/sign-in/username`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: ORIGIN },
      body: JSON.stringify({ username, password }),
    }),
  );
  const cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
  const read = (): Promise<Operator | null> => readOperator(auth, new Headers({ cookie }));
  return {
    status: response.status,
    read,
    /** The procedures as this browser calls them now. */
    call: async () =>
      createCaller(
        { ...contextOf(database.pool, await read()), readOperatorAgain: read },
        { signal: new AbortController().signal },
      ),
  };
}

const last = async (targetId: string) =>
  (
    await database.pool.query(
      `SELECT actor_name, action, before, after, reason, ip FROM audit_log
       WHERE target_id = $1 ORDER BY id DESC LIMIT 1`,
      [targetId],
    )
  ).rows[0] as Record<string, unknown>;

describe("an admin", () => {
  test("adds operators, whose made password opens nothing but its own replacement", async () => {
    const admin = await (await somebody("adder", "admin")).enter();
    const { operators } = await admin.call();
    const made = await operators.add({
      username: " Newcomer ",
      name: "",
      role: "operator",
      signIn: "password",
      reason: null,
    });
    expect(made.username).toBe("newcomer");
    expect(await last(made.id)).toMatchObject({
      actor_name: "adder",
      action: "user.create",
      after: { username: "newcomer", name: "newcomer", role: "operator", signIn: "password" },
      ip: "203.0.113.7",
    });
    const newcomer = await enter("newcomer", made.password!);
    await expect((await newcomer.call()).topics.list()).rejects.toMatchObject({ code: "FORBIDDEN" });
    await (
      await newcomer.call()
    ).account.changePassword({
      current: made.password!,
      next: "tide over the old pier",
    });
    await expect((await newcomer.call()).topics.list()).resolves.toBeDefined();
    const { rows } = await database.pool.query("SELECT l::text AS line FROM audit_log l");
    expect(JSON.stringify(rows)).not.toContain(made.password!);
  });

  test("changes a role, and the next call of an open tab knows", async () => {
    const admin = await (await somebody("promoter", "admin")).enter();
    const junior = await somebody("junior", "viewer");
    const tab = await junior.enter();
    await expect((await tab.call()).operators.list()).rejects.toMatchObject({ code: "FORBIDDEN" });
    await (await admin.call()).operators.changeRole({ id: junior.id, role: "admin", reason: "on call" });
    await expect((await tab.call()).operators.list()).resolves.toBeDefined();
    expect(await last(junior.id)).toMatchObject({
      actor_name: "promoter",
      action: "user.change_role",
      before: { role: "viewer" },
      after: { role: "admin" },
      reason: "on call",
    });
    await (await admin.call()).operators.changeRole({ id: junior.id, role: "viewer", reason: "off call" });
    await expect((await tab.call()).operators.list()).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test("suspends, which ends every session at once and the live stream with it, and lets in again", async () => {
    const admin = await (await somebody("warden", "admin")).enter();
    const suspect = await somebody("suspect", "operator");
    const tabs = [await suspect.enter(), await suspect.enter()];
    const stream = await (await tabs[0]!.call()).live.follow();
    const notices = stream[Symbol.asyncIterator]();
    expect((await notices.next()).done).toBe(false);
    await (await admin.call()).operators.suspend({ id: suspect.id, reason: "left the company" });
    for (const tab of tabs) expect(await tab.read()).toBeNull();
    expect((await suspect.enter()).status).toBe(403);
    await expect(
      (async () => {
        while (!(await notices.next()).done);
      })(),
    ).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    await (await admin.call()).operators.lift({ id: suspect.id, reason: "a mix-up" });
    expect((await suspect.enter()).status).toBe(200);
  }, 30_000);

  test("resets a password, ends one session or all, and removes; every step is written down", async () => {
    const admin = await (await somebody("keeper", "admin")).enter();
    const forgetful = await somebody("forgetful", "viewer");
    const tabs = [await forgetful.enter(), await forgetful.enter(), await forgetful.enter()];
    const { id } = forgetful;
    const { operators } = await admin.call();
    const sessionId = (await tabs[0]!.read())!.sessionId;
    await operators.endSession({ id, sessionId });
    expect(await tabs[0]!.read()).toBeNull();
    expect(await tabs[1]!.read()).not.toBeNull();
    expect((await operators.read({ id })).sessions).toHaveLength(2);
    expect(await operators.endSessions({ id, reason: "lost laptop" })).toEqual({ ended: 2 });
    expect(await tabs[1]!.read()).toBeNull();
    const { password } = await operators.resetPassword({ id, reason: "forgotten" });
    expect((await forgetful.enter()).status).toBe(401);
    const back = await forgetful.enter(password);
    expect((await back.read())!.mustChangePassword).toBe(true);
    await operators.remove({ id, reason: "left the company" });
    expect(await back.read()).toBeNull();
    await expect(operators.read({ id })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await last(id)).toMatchObject({
      action: "user.remove",
      before: { username: "forgetful", name: "forgetful", role: "viewer" },
      reason: "left the company",
    });
  });

  test("cannot do away with the own account, nor with the last admin, however many try at once", async () => {
    await database.pool.query("UPDATE auth_user SET role = 'viewer' WHERE role = 'admin'");
    const one = await somebody("one", "admin");
    const other = await somebody("other", "admin");
    const [first, second] = [await one.enter(), await other.enter()];
    for (const change of ["suspend", "lift", "remove", "resetPassword"] as const)
      await expect(
        (await first.call()).operators[change]({ id: one.id, reason: "by mistake" }),
      ).rejects.toMatchObject({ code: "BAD_REQUEST" });
    const [a, b] = [await first.call(), await second.call()];
    const outcomes = await Promise.allSettled([
      a.operators.changeRole({ id: other.id, role: "viewer", reason: "a coup" }),
      b.operators.changeRole({ id: one.id, role: "viewer", reason: "a coup" }),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const { rows } = await database.pool.query("SELECT id FROM auth_user WHERE role = 'admin'");
    expect(rows).toHaveLength(1);
  });

  test("leaves roles alone that the identity provider names", async () => {
    const admin = await (await somebody("clerk", "admin")).enter();
    const { id } = await createUser(database.pool, {
      username: "from-outside",
      role: "viewer",
      password: null,
      by: { actorId: null, actorName: "test" },
    });
    await database.pool.query(
      "INSERT INTO auth_account (id, account_id, provider_id, user_id) VALUES ('x', 'issuer|x', 'oidc', $1)",
      [id],
    );
    const context = { ...contextOf(database.pool, await admin.read()), rolesFromProvider: true };
    await expect(
      createCaller(context).operators.changeRole({ id, role: "admin", reason: "a favour" }),
    ).rejects.toThrow("identity provider");
  });
});

describe("everybody", () => {
  test("sees the own sessions, ends one of them or all others, and nobody else's", async () => {
    const tidy = await somebody("tidy", "viewer");
    const [here, there, elsewhere] = [await tidy.enter(), await tidy.enter(), await tidy.enter()];
    const stranger = await (await somebody("stranger", "viewer")).enter();
    const { account } = await here.call();
    const { sessions, operator } = await account.read();
    expect(operator).toMatchObject({ username: "tidy", signIn: "password" });
    expect(sessions).toHaveLength(3);
    expect(JSON.stringify(sessions)).not.toMatch(/token/i);
    await expect(account.endSession({ sessionId: (await stranger.read())!.sessionId })).rejects.toMatchObject(
      { code: "NOT_FOUND" },
    );
    await account.endSession({ sessionId: (await there.read())!.sessionId });
    expect(await there.read()).toBeNull();
    expect(await account.endOtherSessions()).toEqual({ ended: 1 });
    expect(await elsewhere.read()).toBeNull();
    expect(await here.read()).not.toBeNull();
    expect(await stranger.read()).not.toBeNull();
  });
});

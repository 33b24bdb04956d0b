import { join } from "node:path";
import { expect, test } from "vitest";
import { type SummaryFacts, summary } from "./summary.ts";

const facts: SummaryFacts = {
  seconds: 4.06,
  console: "http://127.0.0.1:3000",
  api: "http://127.0.0.1:4000",
  database: "127.0.0.1:5432",
  broker: "127.0.0.1:9092",
  workers: ["recover", "relay"],
  exampleRate: 2,
  keyFile: join(process.cwd(), ".surelay", "example-orders.key"),
  admin: { username: "admin", password: "once", file: "/data/first-admin.txt" },
  dataDir: "/data",
};

test("the first admin's password is shown at the first start, and later only where it is kept", () => {
  expect(summary(facts)).toContain("sign in as admin, password once");
  const later = summary({ ...facts, admin: { ...facts.admin, password: null } });
  expect(later).toContain("first password is in /data/first-admin.txt");
  expect(later).not.toContain("once");
  expect(summary({ ...facts, admin: { username: "admin", password: null, file: null } })).toContain(
    "your account",
  );
});

test("without the example there is no key to send with, so it says how to make one", () => {
  expect(summary(facts)).toContain('Bearer $(cat .surelay/example-orders.key)"');
  const bare = summary({ ...facts, exampleRate: null, keyFile: null });
  expect(bare).not.toContain("curl");
  expect(bare).toContain("surelay keys create");
});

test("without the console it names none", () => {
  expect(summary({ ...facts, console: null })).not.toContain("Console");
});

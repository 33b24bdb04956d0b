import { expect, test } from "vitest";
import { readConfig } from "./config.ts";

test("an empty environment is usable on one machine", () => {
  expect(readConfig({})).toMatchObject({
    SURELAY_API_PORT: 4000,
    SURELAY_EXAMPLE: true,
    SURELAY_HOST: "127.0.0.1",
  });
});

test("an empty value counts as unset", () => {
  expect(readConfig({ DATABASE_URL: "", SURELAY_API_PORT: "" }).SURELAY_API_PORT).toBe(4000);
});

test("all faults are told at once, a mistyped name among them, and no secret is shown", () => {
  const env = {
    DATABASE_URL: "mysql://root:geheim@localhost/x",
    KAFKA_BROKERS: "localhost",
    SURELAY_API_PORT: "99999",
    SURELAY_API_PROT: "4000",
  };
  expect(() => readConfig(env)).toThrow(
    expect.objectContaining({
      code: "bad_configuration",
      message: expect.stringMatching(/DATABASE_URL[^]*KAFKA_BROKERS[^]*SURELAY_API_PORT[^]*SURELAY_API_PROT/),
    }),
  );
  expect(() => readConfig(env)).not.toThrow(/geheim/);
});

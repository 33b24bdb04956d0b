import { type Command, InvalidArgumentError } from "commander";
import { KEY_RATE, KEY_SCOPES as SCOPES } from "../server/domain/registry-rules.ts";

type Scope = (typeof SCOPES)[number];

/** `surelay keys create|list|revoke`: API keys of apps. */
export function registerKeys(program: Command): void {
  const keys = program.command("keys").description("API keys of apps");

  keys
    .command("create")
    .description("make a key; it is printed once, alone on standard output")
    .requiredOption("--app <name>", "the app it acts for")
    .requiredOption("--scope <list>", "produce, consume, or both separated by a comma", readScopes)
    .option("--note <text>", "what it is for, shown in lists")
    .option("--rate <n>", "messages per second; default: SURELAY_RATE_PER_KEY", readRate)
    .option("--json", "print {id, key, app, scopes} instead")
    .action(
      async (options: { app: string; scope: Scope[]; note?: string; rate?: number; json?: boolean }) => {
        const { runCreateKey } = await import("./run-keys.ts");
        await runCreateKey(options);
      },
    );

  keys
    .command("list")
    .description("list keys, newest first; the keys themselves are not stored and cannot be shown")
    .option("--app <name>", "of this app only")
    .option("--json", "one line of JSON per key")
    .action(async (options: { app?: string; json?: boolean }) => {
      const { runListKeys } = await import("./run-keys.ts");
      await runListKeys(options);
    });

  keys
    .command("revoke")
    .description("end a key for good; it may be accepted for SURELAY_KEY_CACHE_SECONDS more")
    .argument("<id>", "the key's id as `keys list` shows it")
    .action(async (id: string) => {
      const { runRevokeKey } = await import("./run-keys.ts");
      await runRevokeKey(id);
    });
}

function readScopes(text: string): Scope[] {
  const given = text.split(",").map((scope) => scope.trim());
  const unknown = given.filter((scope) => !(SCOPES as readonly string[]).includes(scope));
  if (unknown.length > 0) throw new InvalidArgumentError(`A scope is one of ${SCOPES.join(", ")}.`);
  return given as Scope[];
}

function readRate(text: string): number {
  const rate = Number(text);
  if (!Number.isInteger(rate) || rate < KEY_RATE.min || rate > KEY_RATE.max)
    throw new InvalidArgumentError(`A rate is a whole number from ${KEY_RATE.min} to ${KEY_RATE.max}.`);
  return rate;
}

// Runs Prisma's CLI for `generate`, `validate` and `format`. None of the three runs the schema engine, yet the CLI would
// download it first; naming any executable as the engine skips that, on line and off line alike.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

const args = process.argv.slice(2);
const env = { ...process.env, PRISMA_HIDE_UPDATE_MESSAGE: "1", CHECKPOINT_DISABLE: "1" };
if (["generate", "validate", "format"].includes(args[0] ?? ""))
  env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;
const cli = createRequire(import.meta.url).resolve("prisma/build/index.js");
const run = spawnSync(process.execPath, [cli, ...args], { stdio: "inherit", env });
process.exit(run.status ?? 1);

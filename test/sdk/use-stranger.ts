import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect } from "vitest";
import { projectRoot } from "../../server/config/project-root.ts";

/** A package as a stranger meets it: packed, and installed into an empty folder. */
export interface Stranger {
  folder: string;
  /** Where the package lies. */
  installed: string;
  /** Runs Node in the folder. @returns what it printed @throws if it fails */
  run: (args: string[], env?: Record<string, string>) => Promise<string>;
  /** Type-checks the code as ES module and as CommonJS. @returns what the compiler found */
  compile: (code: string) => Promise<string>;
  manifest: () => Record<string, Record<string, unknown>>;
  /** It holds these files, the product's version, and nothing as it lies in the project. */
  holdContents: (files: string[]) => void;
  /** Loads each entry in both kinds of module, which must offer the same. @returns what each offers */
  loadEntries: (entries: string[]) => Promise<string[][]>;
}

/** Whatever a package's users bring themselves comes from this project. */
const OWN = ["pg", "mysql2", "knex", "typeorm", "drizzle-orm", "kafkajs", "@types"];

const exec = promisify(execFile);
const npm = (args: string[], cwd: string) =>
  exec("npm", [...args, "--offline", "--no-audit", "--no-fund", "--loglevel=error"], { cwd });

export function useStranger(name: "surelay-producer" | "surelay-consumer"): Stranger {
  const folder = mkdtempSync(join(tmpdir(), "surelay-package-"));
  const installed = join(folder, "node_modules", name);
  const root = projectRoot();
  const manifest = () => JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));

  beforeAll(async () => {
    await exec(process.execPath, [join(root, "scripts/build.mjs"), "sdk", "--quiet"], { cwd: root });
    const source = join(root, "dist/sdk", name.replace("surelay-", ""));
    const { stdout } = await npm(["pack", "--json", "--pack-destination", folder, source], folder);
    const [packed] = JSON.parse(stdout) as { filename: string }[];
    writeFileSync(join(folder, "package.json"), '{"name":"stranger","private":true}');
    await npm(["install", "--legacy-peer-deps", join(folder, packed!.filename)], folder);
    for (const own of OWN) symlinkSync(join(root, "node_modules", own), join(folder, "node_modules", own));
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run: Stranger["run"] = async (args, env = {}) =>
    (await exec(process.execPath, args, { cwd: folder, env: { ...process.env, NODE_ENV: "test", ...env } }))
      .stdout;
  return {
    folder,
    installed,
    run,
    async compile(code) {
      for (const file of ["types.mts", "types.cts"]) writeFileSync(join(folder, file), code);
      const options = [
        "--noEmit",
        "--strict",
        "--module",
        "nodenext",
        "--target",
        "es2022",
        "--types",
        "node",
      ];
      const tsc = join(root, "node_modules/typescript/bin/tsc");
      const { stdout } = await exec(process.execPath, [tsc, ...options, "types.mts", "types.cts"], {
        cwd: folder,
      }).catch((error: { stdout: string }) => error);
      return stdout;
    },
    manifest,
    holdContents(files) {
      expect(manifest().version).toBe(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version);
      for (const file of files) expect(existsSync(join(installed, file)), file).toBe(true);
      expect(existsSync(join(installed, name.replace("surelay-", "")))).toBe(false);
    },
    async loadEntries(entries) {
      const names = entries.map((entry) => JSON.stringify(`${name}${entry}`)).join(",");
      writeFileSync(
        join(folder, "all.mjs"),
        `const all = []; for (const name of [${names}]) all.push(Object.keys(await import(name)).sort());
         console.log(JSON.stringify(all));`,
      );
      writeFileSync(
        join(folder, "all.cjs"),
        `console.log(JSON.stringify([${names}].map((name) => Object.keys(require(name)).sort())));`,
      );
      const [esm, cjs] = await Promise.all([run(["all.mjs"]), run(["all.cjs"])]);
      expect(JSON.parse(esm)).toEqual(JSON.parse(cjs));
      return JSON.parse(esm) as string[][];
    },
  };
}

// Builds the packages surelay-producer and surelay-consumer into dist/sdk/<name>, ready for `npm pack`: every source file once
// as ES module and once as CommonJS, with its declarations beside it. What the two share (sdk/client, sdk/database,
// sdk/contract) is in both. Files are not bundled: a class such as SurelayError would exist once per entry point otherwise.
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Folders of sdk/ that are packages, `surelay-<name>`. */
export const SDK_PACKAGES = ["producer", "consumer"];

const FORMATS = {
  esm: { format: "esm", js: ".js", types: ".d.ts" },
  cjs: { format: "cjs", js: ".cjs", types: ".d.cts" },
};

/**
 * @param {string} root the project's folder
 * @param {(args: string[], fault: string) => Promise<void>} run runs a Node script in it
 */
export async function buildSdk(root, run) {
  rmSync(join(root, "dist/sdk"), { recursive: true, force: true });
  for (const name of SDK_PACKAGES) await buildPackage(root, name, run);
}

async function buildPackage(root, name, run) {
  const source = join(root, "sdk", name);
  const target = join(root, "dist/sdk", name);
  const types = join(root, "dist/sdk/types");
  await run(
    [join(root, "node_modules/typescript/bin/tsc"), "-p", join(source, "tsconfig.build.json")],
    `the declarations of the ${name}'s SDK could not be written`,
  );
  const declarations = listFiles(types).filter((file) => file.endsWith(".d.ts"));
  const { build } = await import("esbuild");
  for (const [folder, { format, js, types: ending }] of Object.entries(FORMATS)) {
    const files = declarations.filter((file) => folder === "esm" || !ESM_ONLY.test(file));
    await build({
      absWorkingDir: root,
      entryPoints: files.map((file) => join("sdk", file.replace(/\.d\.ts$/, ".ts"))),
      outbase: "sdk",
      outdir: join(target, folder),
      outExtension: { ".js": js },
      format,
      platform: "node",
      target: "node20",
      bundle: true,
      packages: "external",
      plugins: [keepImports(js)],
      logLevel: "warning",
    });
    for (const file of files) {
      const to = join(target, folder, file.replace(/\.d\.ts$/, ending));
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, renameImports(readFileSync(join(types, file), "utf8"), js));
    }
  }
  // Node reads cjs/ as CommonJS by the ending alone; TypeScript as well.
  for (const file of ["sql", "README.md"])
    cpSync(join(source, file), join(target, file), { recursive: true });
  cpSync(join(root, "LICENSE"), join(target, "LICENSE"));
  writeManifest(root, source, target);
  rmSync(types, { recursive: true });
}

/** The command: whoever runs it runs a file of esm/. */
const ESM_ONLY = /(^|[/\\])(command|print-ddl)\.d\.ts$/;

/** Entry points are written short in the sources: `"./pg": "./database/pg"`; the version is the product's. */
function writeManifest(root, source, target) {
  const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  manifest.version = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
  const entries = Object.entries(manifest.exports).map(([name, path]) => {
    const of = (folder) => {
      const { js, types } = FORMATS[folder];
      return { types: `./${folder}/${path.slice(2)}${types}`, default: `./${folder}/${path.slice(2)}${js}` };
    };
    return [name, { import: of("esm"), require: of("cjs") }];
  });
  manifest.exports = { ...Object.fromEntries(entries), "./package.json": "./package.json" };
  // For resolvers that do not read exports.
  manifest.main = manifest.exports["."].require.default;
  manifest.types = manifest.exports["."].require.types;
  writeFileSync(join(target, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** One file in, one file out: imports of ours stay imports, with the ending of the format. */
function keepImports(js) {
  return {
    name: "keep-imports",
    setup(build) {
      build.onResolve({ filter: /^\.\.?\// }, ({ path, kind }) =>
        kind === "entry-point" ? undefined : { path: path.replace(/\.ts$/, js), external: true },
      );
    },
  };
}

function renameImports(text, js) {
  return text.replaceAll(/((?:from|import\()\s*["']\.\.?\/[^"']*)\.ts(["'])/g, `$1${js}$2`);
}

function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

// Builds the package surelay-producer into dist/sdk/producer, ready for `npm pack`: every source file once as ES module and
// once as CommonJS, with its declarations beside it. Files are not bundled: a class such as SurelayError would exist once
// per entry point otherwise.
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const FORMATS = {
  esm: { format: "esm", js: ".js", types: ".d.ts" },
  cjs: { format: "cjs", js: ".cjs", types: ".d.cts" },
};

/**
 * @param {string} root the project's folder
 * @param {(args: string[], fault: string) => Promise<void>} run runs a Node script in it
 */
export async function buildSdk(root, run) {
  const target = join(root, "dist/sdk/producer");
  const types = join(root, "dist/sdk/types");
  rmSync(join(root, "dist/sdk"), { recursive: true, force: true });
  await run(
    [join(root, "node_modules/typescript/bin/tsc"), "-p", join(root, "sdk/producer/tsconfig.build.json")],
    "the declarations of the producer's SDK could not be written",
  );
  const declarations = listFiles(types).filter((file) => file.endsWith(".d.ts"));
  const { build } = await import("esbuild");
  for (const [folder, { format, js, types: ending }] of Object.entries(FORMATS)) {
    const files = declarations.filter((file) => folder === "esm" || !file.endsWith("command.d.ts"));
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
  cpSync(join(root, "sdk/producer/sql"), join(target, "sql"), { recursive: true });
  cpSync(join(root, "sdk/producer/README.md"), join(target, "README.md"));
  cpSync(join(root, "LICENSE"), join(target, "LICENSE"));
  writeManifest(root, target);
  rmSync(types, { recursive: true });
}

/** Entry points are written short in the sources: `"./pg": "./producer/pg"`; the version is the product's. */
function writeManifest(root, target) {
  const manifest = JSON.parse(readFileSync(join(root, "sdk/producer/package.json"), "utf8"));
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

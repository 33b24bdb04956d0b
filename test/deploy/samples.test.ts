import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { projectRoot } from "../../server/config/project-root.ts";
import { settings } from "../../server/config/config.ts";
import { buildBundles } from "../cli/run-command.ts";

const root = projectRoot();
const read = (path: string) => readFileSync(join(root, path), "utf8");
const filesIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
const samples = [...filesIn("deploy"), join(root, "Dockerfile")];

beforeAll(buildBundles);

it("names only settings that exist: an unknown one stops a process at its start", () => {
  for (const file of samples) {
    const names = readFileSync(file, "utf8").match(/\b(SURELAY|OTEL)_[A-Z0-9_]+/g) ?? [];
    expect(
      names.filter((name) => !(name in settings)),
      file,
    ).toEqual([]);
  }
});

it("runs only workers that exist, and all of them", () => {
  const built = readdirSync(join(root, "dist/workers"))
    .filter((file) => file.endsWith(".mjs"))
    .map((file) => file.slice(0, -4))
    .sort();
  const manifests = filesIn("deploy/kubernetes").map((file) => readFileSync(file, "utf8"));
  const deployed = manifests.flatMap((text) => [...text.matchAll(/"worker", "(\w+)"/g)].map((m) => m[1]!));
  expect(deployed.sort()).toEqual(built);
});

it("keeps variables that Kubernetes makes of Services away from every pod", () => {
  for (const file of filesIn("deploy/kubernetes"))
    for (const document of parseAllDocuments(readFileSync(file, "utf8"))) {
      expect(document.errors).toEqual([]);
      const manifest = document.toJS() as { spec?: { template?: { spec: Record<string, unknown> } } };
      const pod = manifest.spec?.template?.spec;
      if (pod)
        expect(pod, file).toMatchObject({ enableServiceLinks: false, automountServiceAccountToken: false });
    }
});

it("leaves in the image what the bundles import", () => {
  const takenAway = /npm uninstall([\s\S]*?)\n\n/.exec(read("Dockerfile"))![1]!.match(/[@\w/-]+/g)!;
  const { dependencies } = JSON.parse(read("package.json")) as { dependencies: Record<string, string> };
  const bundles = [
    "dist/cli.mjs",
    ...readdirSync(join(root, "dist/cli-chunks")).map((f) => `dist/cli-chunks/${f}`),
  ]
    .concat(readdirSync(join(root, "dist/workers")).map((f) => `dist/workers/${f}`))
    .filter((file) => file.endsWith(".mjs"));
  const imported = new Set<string>();
  for (const bundle of bundles)
    for (const [, name] of read(bundle).matchAll(
      /^(?:import|export)\b[^;]*?from "([^".][^"]*)";|\bimport\("([^".][^"]*)"\)/gm,
    ))
      if (name && !name.startsWith("node:"))
        imported.add(
          name
            .split("/")
            .slice(0, name.startsWith("@") ? 2 : 1)
            .join("/"),
        );
  expect(imported).toContain("pg");
  expect([...imported].filter((name) => takenAway.includes(name))).toEqual([]);
  expect([...imported].filter((name) => !(name in dependencies))).toEqual([]);
});

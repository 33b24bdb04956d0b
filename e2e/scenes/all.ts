import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Scene } from "./scene.ts";

const SHARED = new Set(["all.ts", "scene.ts"]);

/** Every scene of every room: each other file of this folder exports its `scenes`. */
export async function allScenes(): Promise<Scene[]> {
  const files = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(".ts") && !SHARED.has(file))
    .toSorted();
  const scenes: Scene[] = [];
  for (const file of files) {
    const room = (await import(pathToFileURL(join(import.meta.dirname, file)).href)) as { scenes?: Scene[] };
    if (!Array.isArray(room.scenes)) throw new Error(`e2e/scenes/${file} exports no scenes`);
    scenes.push(...room.scenes);
  }
  const names = scenes.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) throw new Error(`scenes with the same name: ${twice.join(", ")}`);
  return scenes;
}

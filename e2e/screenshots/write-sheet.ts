import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Ignored by git. */
export const SHEET_FOLDER = join(import.meta.dirname, "../../.surelay/screenshots");

/** Writes index.html: every picture that is there, a row for each scene, its looks side by side. */
export function writeSheet(): void {
  const files = readdirSync(SHEET_FOLDER)
    .filter((file) => file.endsWith(".png"))
    .toSorted();
  const scenes = groupByScene(files);
  const rows = [...scenes].map(
    ([scene, pictures]) =>
      `<section><h2>${scene}</h2><div>${pictures
        .map(
          (file) =>
            `<figure><a href="${file}"><img src="${file}" alt="" loading="lazy"></a><figcaption>${file.split(".")[1]}</figcaption></figure>`,
        )
        .join("")}</div></section>`,
  );
  const style = `body{font:14px system-ui;margin:2rem;background:#f4f6f8}h2{font-size:1rem;margin:2rem 0 .5rem}div{display:flex;gap:1rem;overflow-x:auto}figure{margin:0}img{height:320px;border:1px solid #ccd;border-radius:6px;object-fit:cover;object-position:top}figcaption{color:#556;font-size:12px}`;
  writeFileSync(
    join(SHEET_FOLDER, "index.html"),
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Screenshots</title><style>${style}</style><h1>${files.length} pictures of ${scenes.size} scenes</h1>${rows.join("")}</html>`,
  );
}

const sceneOf = (file: string) => file.split(".")[0]!;

function groupByScene(files: string[]): Map<string, string[]> {
  const scenes = new Map<string, string[]>();
  for (const file of files) scenes.set(sceneOf(file), [...(scenes.get(sceneOf(file)) ?? []), file]);
  return scenes;
}

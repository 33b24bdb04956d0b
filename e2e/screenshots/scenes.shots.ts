import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { allScenes } from "../scenes/all.ts";
import { expect, test } from "../support/fixtures.ts";
import { type Look, THEMES, openScene, turn } from "../support/open-scene.ts";
import { SHEET_FOLDER, writeSheet } from "./write-sheet.ts";

const ROOM = process.env.SCREENSHOTS_ROOM ?? "";
const WANTED = (process.env.SCREENSHOTS_LOOK ?? "").split("-").filter(Boolean);
const LOOKS: Look[] = [
  { locale: "en", width: 1440 },
  { locale: "en", width: 390 },
  { locale: "zh", width: 1440 },
  { locale: "zh", width: 390 },
];

const isWanted = (name: string) => WANTED.every((part) => name.split("-").includes(part));
const nameOf = (theme: string, { locale, width }: Look) => `${theme}-${locale}-${width}`;

mkdirSync(SHEET_FOLDER, { recursive: true });

for (const scene of (await allScenes()).filter(({ name }) => name.startsWith(ROOM)))
  for (const look of LOOKS) {
    const themes = THEMES.filter((theme) => isWanted(nameOf(theme, look)));
    if (themes.length === 0) continue;
    test(`${scene.name}, ${look.locale}, ${look.width}`, async ({ browser, stack, database }) => {
      const faults = await openScene(browser, { stack, database, scene, look }, async (page) => {
        for (const theme of themes) {
          await turn(page, theme);
          const file = `${scene.name}.${nameOf(theme, look)}.png`;
          await page.screenshot({
            path: join(SHEET_FOLDER, file),
            fullPage: look.width === 390,
            scale: "css",
          });
        }
      });
      expect(faults).toEqual([]);
    });
  }

test.afterAll(() => writeSheet());

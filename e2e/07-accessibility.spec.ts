import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { allScenes } from "./scenes/all.ts";
import type { Scene } from "./scenes/scene.ts";
import { expect, test } from "./support/fixtures.ts";
import { THEMES, openScene, turn } from "./support/open-scene.ts";

/** What a scene must keep to in every look; told with the element and why. */
async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).exclude("nextjs-portal").analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes
      // Tooltips and lists of options hang at the page's end, outside of all landmarks; they are read with their control.
      .filter(({ target }) => !(id === "region" && /data-portal|role="tooltip"/.test(target.join(" "))))
      .map((node) => `${id}: ${node.target.join(" ")} (${node.failureSummary?.split("\n")[1]?.trim()})`),
  );
}

/**
 * Each scene is opened once, in one language or the other by turns, and looked at light, dark and narrow. Every scene takes
 * minutes on two cores: without SCENES=all (`npm test -- scenes`) it is the first one of each room.
 */
const scenes = process.env.SCENES === "all" ? await allScenes() : firstOfEachRoom(await allScenes());
for (const [index, scene] of scenes.entries()) {
  const locale = index % 2 === 0 ? "en" : "zh";
  test(`${scene.name} (${locale}) has no axe violation and fits a telephone`, async ({
    browser,
    stack,
    database,
  }) => {
    test.slow();
    const look = { locale, width: 1440 } as const;
    const faults = await openScene(browser, { stack, database, scene, look }, async (page) => {
      await expect(page.locator("html")).toHaveAttribute("lang", locale);
      for (const theme of THEMES) {
        await turn(page, theme);
        expect.soft(await violationsOf(page), theme).toEqual([]);
      }
      await page.setViewportSize({ width: 390, height: 844 });
      await expect
        .soft(async () =>
          expect(
            await page.evaluate(
              () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
            ),
          ).toBeLessThanOrEqual(0),
        )
        .toPass({ timeout: 5000 });
    });
    expect(faults).toEqual([]);
  });
}

function firstOfEachRoom(all: Scene[]): Scene[] {
  const roomOf = ({ name }: Scene) => name.split("-")[0];
  return all.filter((scene, index) => all.findIndex((other) => roomOf(other) === roomOf(scene)) === index);
}

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { allScenes } from "./scenes/all.ts";
import { expect, test } from "./support/fixtures.ts";
import { THEMES, openScene, turn } from "./support/open-scene.ts";

/** What a scene must keep to in every look; told with the element and why. */
async function violationsOf(page: Page): Promise<string[]> {
  // A tooltip stands outside of all landmarks; it is read out with the control that it describes.
  const { violations } = await new AxeBuilder({ page })
    .exclude("nextjs-portal")
    .exclude("[role=tooltip]")
    .analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")} (${node.failureSummary?.split("\n")[1]?.trim()})`),
  );
}

for (const scene of await allScenes()) {
  test.describe(scene.name, () => {
    test("has no axe violation, light and dark", async ({ browser, stack, database }) => {
      test.slow();
      const look = { locale: "en", width: 1440 } as const;
      const faults = await openScene(browser, { stack, database, scene, look }, async (page) => {
        await expect(page.locator("html")).toHaveAttribute("lang", "en");
        for (const theme of THEMES) {
          await turn(page, theme);
          expect.soft(await violationsOf(page), theme).toEqual([]);
        }
      });
      expect(faults).toEqual([]);
    });

    test("fits a telephone, in Chinese", async ({ browser, stack, database }) => {
      test.slow();
      const look = { locale: "zh", width: 390 } as const;
      const faults = await openScene(browser, { stack, database, scene, look }, async (page) => {
        await expect(page.locator("html")).toHaveAttribute("lang", "zh");
        const [scrollWidth, clientWidth] = await page.evaluate(() => {
          const { documentElement: root } = document;
          return [root.scrollWidth, root.clientWidth] as const;
        });
        expect.soft(scrollWidth, "the page scrolls sideways").toBeLessThanOrEqual(clientWidth);
        expect.soft(await violationsOf(page)).toEqual([]);
      });
      expect(faults).toEqual([]);
    });
  });
}

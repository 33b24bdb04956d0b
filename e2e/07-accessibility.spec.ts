import { allScenes } from "./scenes/all.ts";
import { findViolations, findWeakTexts } from "./support/find-violations.ts";
import { expect, test } from "./support/fixtures.ts";
import { THEMES, openScene, turn } from "./support/open-scene.ts";

/** Each scene is opened once, in one language or the other by turns, and looked at light, dark and narrow. */
for (const [index, scene] of (await allScenes()).entries()) {
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
      expect.soft(await findViolations(page)).toEqual([]);
      // Colours alone differ between the themes.
      for (const theme of THEMES) {
        await turn(page, theme);
        expect.soft(await findWeakTexts(page), theme).toEqual([]);
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

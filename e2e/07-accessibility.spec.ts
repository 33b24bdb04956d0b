import type { Page } from "@playwright/test";
import axe from "axe-core";
import { allScenes } from "./scenes/all.ts";
import { expect, test } from "./support/fixtures.ts";
import { THEMES, type Theme, openScene, turn } from "./support/open-scene.ts";

/** What a scene must keep to; told with the element and why. Turning dark changes colours alone, so that only they are looked at again. */
async function violationsOf(page: Page, theme: Theme): Promise<string[]> {
  // The engine itself in the open page: its wrapper loads it anew for each look and opens a page for the result, which
  // takes three times as long.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const violations = await page.evaluate(
    async (rules) => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(
        { exclude: [["nextjs-portal"]] },
        {
          resultTypes: ["violations"],
          preload: false,
          iframes: false,
          ...(rules && { runOnly: { type: "rule", values: rules } }),
        },
      );
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => ({ id, target: target.join(" "), why: failureSummary })),
      );
    },
    theme === "light" ? null : ["color-contrast"],
  );
  return (
    violations
      // Tooltips and lists of options hang at the page's end, outside of all landmarks; they are read with their control.
      .filter(({ id, target }) => !(id === "region" && /data-portal|role="tooltip"/.test(target)))
      .map(({ id, target, why }) => `${id}: ${target} (${why?.split("\n")[1]?.trim()})`)
  );
}

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
      for (const theme of THEMES) {
        await turn(page, theme);
        expect.soft(await violationsOf(page, theme), theme).toEqual([]);
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

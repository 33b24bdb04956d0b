import type { Page } from "@playwright/test";
import axe from "axe-core";

/** Breaches of axe's rules but for the contrast of texts, each told with its element and why. */
export async function findViolations(page: Page): Promise<string[]> {
  await loadAxe(page);
  const violations = await page.evaluate(async () => {
    const engine = (window as unknown as { axe: typeof axe }).axe;
    const { violations } = await engine.run(
      { exclude: [["nextjs-portal"]] },
      {
        resultTypes: ["violations"],
        preload: false,
        iframes: false,
        rules: { "color-contrast": { enabled: false } },
      },
    );
    return violations;
  });
  // Tooltips and lists of options hang at the page's end, outside of all landmarks; they are read with their control.
  return tell(violations).filter((told) => !/^region: .*(data-portal|role="tooltip")/.test(told));
}

/**
 * Texts that axe finds too weak before what is behind them. It looks at one text of each look: same colours, size and
 * weight inside of the same elements and backgrounds. Looking at every cell of a long list is four fifths of axe's work,
 * and says the same of each row.
 */
export async function findWeakTexts(page: Page): Promise<string[]> {
  await loadAxe(page);
  const violations = await page.evaluate(async () => {
    const engine = (window as unknown as { axe: typeof axe }).axe;
    const known = new Map<Element | null, string>([[null, ""]]);
    const surroundings = (element: Element | null): string => {
      const found = known.get(element);
      if (found !== undefined || element === null) return found ?? "";
      const { backgroundColor, backgroundImage, opacity } = getComputedStyle(element);
      const disabled = element.matches(":disabled, [aria-disabled=true]");
      const own = [element.localName, element.getAttribute("class"), disabled];
      const path = [
        surroundings(element.parentElement),
        ...own,
        backgroundColor,
        backgroundImage,
        opacity,
      ].join("|");
      known.set(element, path);
      return path;
    };
    const holders = new Set<Element>(document.querySelectorAll("input, select, textarea"));
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode())
      if (texts.currentNode.nodeValue!.trim() !== "") holders.add(texts.currentNode.parentElement!);
    const looks = new Map<string, Element>();
    for (const element of holders) {
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const { color, fontSize, fontWeight } = getComputedStyle(element);
      const look = [surroundings(element), color, fontSize, fontWeight].join("|");
      if (!looks.has(look)) looks.set(look, element);
    }
    const { violations } = await engine.run(
      { include: [...looks.values()] as HTMLElement[] },
      { resultTypes: ["violations"], preload: false, iframes: false, runOnly: ["color-contrast"] },
    );
    return violations;
  });
  return tell(violations);
}

/** The engine itself: its wrapper loads it anew for each look and opens a page for the result, three times the work. */
async function loadAxe(page: Page): Promise<void> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
}

function tell(violations: readonly axe.Result[]): string[] {
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) =>
        `${id}: ${target.join(" ")} (${failureSummary?.split("\n")[1]?.trim()})`,
    ),
  );
}

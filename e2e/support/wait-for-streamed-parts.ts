import type { Page } from "@playwright/test";

/**
 * Has every `goto` and `reload` wait until the page's streamed parts stand in their places. For a moment after its load
 * event a page holds them a second time, hidden, where the server's answer has put them, and whoever looks for a text
 * finds two.
 */
export function waitForStreamedParts(page: Page): void {
  const placed = () => page.waitForFunction(() => document.querySelector("div[hidden][id^='S:']") === null);
  const [goto, reload] = [page.goto.bind(page), page.reload.bind(page)];
  page.goto = async (...args) => {
    const response = await goto(...args);
    await placed();
    return response;
  };
  page.reload = async (...args) => {
    const response = await reload(...args);
    await placed();
    return response;
  };
}

import type { Page } from "@playwright/test";

/** Collects what a page must not do: throw, write an error to the console, breach its policy. */
export async function watchFaults(page: Page): Promise<string[]> {
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`thrown: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (breach) =>
      console.error(`policy: ${breach.violatedDirective} ${breach.blockedURI}`),
    );
  });
  return faults;
}

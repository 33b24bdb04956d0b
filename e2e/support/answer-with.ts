import type { Page, Route } from "@playwright/test";
import superjson, { type SuperJSONResult } from "superjson";

/** Requests that ask for this procedure, alone or in a batch with others. */
export const requestsOf = (procedure: string) =>
  new RegExp(`/api/trpc/[^?]*${procedure.replaceAll(".", String.raw`\.`)}`);

/**
 * Rewrites what one procedure answers, for states that a running installation cannot be brought into. Through the product's
 * own serialisation, so that dates may be changed, put in and left out. A refusal stays as it is.
 *
 * @param change changes the present answer, or returns another in its place
 */
export async function answerWith<Answer>(
  page: Page,
  procedure: string,
  change: (answer: Answer) => Answer | undefined,
): Promise<void> {
  await page.route(requestsOf(procedure), async (route: Route) => {
    const response = await route.fetch();
    const names = new URL(route.request().url()).pathname.split("/").at(-1)!.split(",");
    const results = (await response.json()) as { result?: { data: SuperJSONResult } }[];
    const result = results[names.indexOf(procedure)]?.result;
    if (result) {
      const answer = superjson.deserialize<Answer>(result.data);
      result.data = superjson.serialize(change(answer) ?? answer);
    }
    await route.fulfill({ response, json: results });
  });
}

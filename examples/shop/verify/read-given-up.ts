interface Page {
  items: { businessKey: string | null }[];
  nextCursor: string | null;
}

/** What a key needs to ask for its subscriptions' deliveries. */
export interface Asking {
  apiUrl: string;
  key: string;
}

/** The order numbers of what a subscription has given up: dead, or discarded by a person. @throws Error when it is not told */
export async function readGivenUp({ apiUrl, key }: Asking, subscription: string): Promise<string[]> {
  const found: string[] = [];
  for (const state of ["DEAD", "DISCARDED"])
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query = new URLSearchParams({ subscription, state, ...(cursor && { cursor }) });
      const response = await fetch(`${apiUrl}/v1/deliveries?${query}`, {
        headers: { authorization: `Bearer ${key}` },
        signal: AbortSignal.timeout(10_000),
      });
      if (!response.ok)
        throw new Error(`Surelay does not say what ${subscription} gave up: ${await response.text()}`);
      const page = (await response.json()) as Page;
      found.push(...page.items.flatMap(({ businessKey }) => businessKey ?? []));
      cursor = page.nextCursor;
    }
  return found;
}

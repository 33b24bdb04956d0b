import { gzipSync } from "node:zlib";
import { round } from "../support/report.ts";

export interface PageWeight extends Record<string, string | number> {
  page: string;
  files: number;
  /** KB (1,000 bytes) of JavaScript, gzipped one by one as they travel. */
  gz: number;
  raw: number;
}

const PAGES = [
  "/login",
  "/overview",
  "/messages",
  "/search",
  "/workers",
  "/apps",
  "/keys",
  "/topics",
  "/operators",
  "/audit",
  "/account",
];

/**
 * The scripts that each page's HTML names: what a browser loads before the page can be used. What a page loads later, when a
 * panel or a chart is opened, is not in it. A message's page is that of the newest message.
 */
export async function measurePages(
  consoleUrl: string,
  admin: { username: string; password: string },
): Promise<PageWeight[]> {
  const signedIn = await fetch(new URL("/api/auth/sign-in/username", consoleUrl), {
    method: "POST",
    headers: { "content-type": "application/json", origin: new URL(consoleUrl).origin },
    body: JSON.stringify(admin),
  });
  if (!signedIn.ok) throw new Error(`the sign-in was refused: ${signedIn.status} ${await signedIn.text()}`);
  const cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const html = async (path: string) => {
    const answer = await fetch(new URL(path, consoleUrl), { headers: { cookie } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.text();
  };
  const message = /\/messages\/[0-9a-f-]{36}/.exec(await html("/messages"))?.[0];
  const weights: PageWeight[] = [];
  const sizes = new Map<string, { gz: number; raw: number }>();
  for (const page of [...PAGES, ...(message === undefined ? [] : [message])]) {
    const scripts = scriptsOf(await html(page));
    let [gz, raw] = [0, 0];
    for (const script of scripts) {
      const size = sizes.get(script) ?? (await weigh(new URL(script, consoleUrl)));
      sizes.set(script, size);
      gz += size.gz;
      raw += size.raw;
    }
    weights.push({
      page: page === message ? "/messages/[id]" : page,
      files: scripts.length,
      gz: round(gz / 1000),
      raw: round(raw / 1000),
    });
  }
  return weights.toSorted((a, b) => b.gz - a.gz);
}

/** Not those for browsers without modules, which no browser of today loads. */
function scriptsOf(html: string): string[] {
  const tags = [...html.matchAll(/<script\b[^>]*\bsrc="([^"]+)"[^>]*>/g)].filter(
    ([tag]) => !/nomodule/i.test(tag),
  );
  return [...new Set(tags.map(([, source]) => source!.replaceAll("&amp;", "&")))];
}

async function weigh(url: URL): Promise<{ gz: number; raw: number }> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url.pathname}: ${answer.status}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { gz: gzipSync(bytes).length, raw: bytes.length };
}

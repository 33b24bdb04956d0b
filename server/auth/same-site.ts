/** Why a state-changing request is refused; null: it is from one of our own pages. */
export type CrossSiteFault = "other_site" | "other_origin" | "not_json";

/**
 * Whether a POST comes from one of our own pages. A browser states the site of its requests and cannot be made to lie by
 * the page; JSON as the content type keeps plain forms of other sites out even where a browser states nothing.
 *
 * @param origins every origin the console is served under
 */
export function judgeOrigin(headers: Headers, origins: ReadonlySet<string>): CrossSiteFault | null {
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return "other_site";
  const origin = headers.get("origin");
  if (origin !== null && !origins.has(origin)) return "other_origin";
  if (!/^application\/json\s*(;|$)/i.test(headers.get("content-type") ?? "")) return "not_json";
  return null;
}

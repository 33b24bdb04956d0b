/**
 * Where to go after signing in: a path of this console, whatever the parameter says. Anything that a browser could read
 * as another host (`//host`, `/\host`, a scheme, control characters that browsers drop) becomes the first page.
 */
export function safeNext(value: string | string[] | null | undefined): string {
  const fallback = "/overview";
  if (typeof value !== "string" || !value.startsWith("/")) return fallback;
  const here = "http://console.invalid";
  let url: URL;
  try {
    url = new URL(value, here);
  } catch {
    return fallback;
  }
  const path = url.pathname + url.search + url.hash;
  if (url.origin !== here || path.startsWith("//") || /^\/(login|api)(\/|\?|#|$)/.test(path)) return fallback;
  return path;
}

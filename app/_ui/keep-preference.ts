/** Keeps an operator's preference for a year, where the server can read it when it renders. */
export function keepPreference(cookie: string, value: string): void {
  document.cookie = `${cookie}=${encodeURIComponent(value)};path=/;max-age=31536000;samesite=lax`;
}

/** @returns the preference as this browser holds it */
export function readPreference(cookie: string): string | null {
  const pair = document.cookie.split("; ").find((part) => part.startsWith(`${cookie}=`));
  return pair === undefined ? null : decodeURIComponent(pair.slice(cookie.length + 1));
}

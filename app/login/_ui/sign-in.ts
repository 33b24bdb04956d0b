export type SignInOutcome =
  | { kind: "in" }
  | { kind: "wrong" }
  | { kind: "suspended" }
  | { kind: "throttled"; seconds: number }
  | { kind: "unreachable" };

/** Signs in; the session's cookie is set by the answer. */
export async function signIn(username: string, password: string): Promise<SignInOutcome> {
  let response: Response;
  try {
    response = await fetch("/api/auth/sign-in/username", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username, password }),
    });
  } catch {
    return { kind: "unreachable" };
  }
  if (response.ok) return { kind: "in" };
  if (response.status === 429)
    return { kind: "throttled", seconds: Number(response.headers.get("retry-after") ?? 60) };
  if (response.status === 403) return { kind: "suspended" };
  return response.status >= 500 ? { kind: "unreachable" } : { kind: "wrong" };
}

/** Leaves for the identity provider. @returns false: it cannot be reached just now */
export async function goToProvider(next: string): Promise<boolean> {
  try {
    const response = await fetch("/api/auth/sign-in/oidc", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ next }),
    });
    const { url } = (await response.json()) as { url?: unknown };
    if (!response.ok || typeof url !== "string") return false;
    location.assign(url);
    return true;
  } catch {
    return false;
  }
}

import type { BlockList } from "node:net";
import type { OidcSettings } from "../config/oidc-settings.ts";
import { normaliseUsername } from "../domain/operator-account.ts";
import { type AuditBy, appendAudit } from "../store/audit.ts";
import { OIDC_PROVIDER } from "../store/operators.ts";
import { findUserId } from "../store/users.ts";
import { clientAddress, clientUserAgent } from "./client-address.ts";
import { type OidcAuth, createOidcAuth, signInOrigin } from "./oidc-auth.ts";
import { ADDRESS_HEADER, type OperatorAuth, type OperatorAuthOptions } from "./operator-auth.ts";
import { readOperator } from "./read-operator.ts";
import { judgeOrigin } from "./same-site.ts";
import { admitSignIn, settleSignIn } from "./throttle-sign-in.ts";

export interface SignInDoorOptions extends OperatorAuthOptions {
  auth: OperatorAuth;
  proxies: BlockList;
  /** Whether a name and a password open it. */
  passwords: boolean;
  /** Null: no single sign-on. */
  oidc: OidcSettings | null;
}

/** Larger bodies are no sign-in. */
const MAX_BODY_BYTES = 8 * 1024;

/**
 * All of the sign-in library that is reachable from outside, under /api/auth: four calls, and everything else it offers
 * stays closed. Each is judged here first: where it comes from, how often it was tried; and what became of it is written
 * to the audit log. Requests to the library are made here from the fields that are known, never passed through.
 */
export class SignInDoor {
  readonly options: SignInDoorOptions;
  #oidc: Promise<OidcAuth | null> | null = null;

  constructor(options: SignInDoorOptions) {
    this.options = options;
  }

  /** @param request with its own path, or an absolute address of any host */
  async handle(request: Request): Promise<Response> {
    const call = `${request.method} ${new URL(request.url).pathname.replace(/^\/api\/auth/, "")}`;
    if (call === `GET /callback/${OIDC_PROVIDER}`) return this.#finishOidc(request);
    const post = {
      "POST /sign-in/username": () => this.#signIn(request),
      [`POST /sign-in/${OIDC_PROVIDER}`]: () => this.#startOidc(request),
      "POST /sign-out": () => this.#signOut(request),
    }[call];
    if (post === undefined) return new Response(null, { status: 404 });
    if (judgeOrigin(request.headers, new Set(this.options.origins)) !== null)
      return new Response("This request does not come from the console.", { status: 403 });
    return post();
  }

  async #signIn(request: Request): Promise<Response> {
    const { auth, db, passwords } = this.options;
    if (!passwords) return problem(404, "PASSWORDS_OFF");
    const body = await readBody(request);
    const { username, password } = body ?? {};
    if (typeof username !== "string" || typeof password !== "string") return problem(400, "BAD_REQUEST");
    const from = this.#from(request);
    const attempt = { username: normaliseUsername(username), address: from.ip };
    const refused = await admitSignIn(db, attempt);
    if (refused !== null) {
      if (refused.first) await this.#refuse(from, attempt.username, `throttled_by_${refused.by}`);
      return problem(429, "RATE_LIMITED", { "retry-after": String(refused.secondsLeft) });
    }
    const response = await auth.handler(
      this.#toLibrary(request, "/sign-in/username", { username, password }),
    );
    if (response.ok) await settleSignIn(db, attempt);
    else if (response.status === 401) await this.#refuse(from, attempt.username, "wrong_password");
    else if (response.status === 403) await this.#refuse(from, attempt.username, "suspended");
    return response;
  }

  async #signOut(request: Request): Promise<Response> {
    const { auth, db } = this.options;
    const operator = await readOperator(auth, request.headers);
    const response = await auth.handler(this.#toLibrary(request, "/sign-out", {}));
    if (response.ok && operator !== null)
      await appendAudit(db, {
        ...this.#from(request),
        actorId: operator.id,
        actorName: operator.username,
        action: "session.end",
        targetKind: "user",
        targetId: operator.id,
        before: { sessions: 1 },
      });
    return response;
  }

  /** Answers `{url}`: the page of the identity provider to go to. */
  async #startOidc(request: Request): Promise<Response> {
    if (this.options.oidc === null) return problem(404, "NO_SINGLE_SIGN_ON");
    const next = (await readBody(request))?.["next"];
    const library = await this.#oidcAuth();
    if (library === null) return problem(503, "PROVIDER_UNREACHABLE");
    const { baseUrl } = this.options;
    return library.handler(
      this.#toLibrary(request, "/sign-in/social", {
        provider: OIDC_PROVIDER,
        callbackURL: ownAddress(next, baseUrl),
        errorCallbackURL: `${baseUrl}/login`,
        disableRedirect: true,
      }),
    );
  }

  async #finishOidc(request: Request): Promise<Response> {
    if (this.options.oidc === null) return problem(404, "NO_SINGLE_SIGN_ON");
    const library = await this.#oidcAuth();
    const { baseUrl } = this.options;
    if (library === null) return Response.redirect(`${baseUrl}/login?error=provider_unreachable`, 302);
    const { search } = new URL(request.url);
    return signInOrigin.run(this.#from(request), () =>
      library.handler(
        new Request(`${baseUrl}/api/auth/callback/${OIDC_PROVIDER}${search}`, {
          headers: this.#headers(request),
        }),
      ),
    );
  }

  /** One instance for all; a failure is not kept, so the next attempt asks again. */
  #oidcAuth(): Promise<OidcAuth | null> {
    this.#oidc ??= createOidcAuth(this.options, this.options.oidc!).then((made) => {
      if (made === null) this.#oidc = null;
      return made;
    });
    return this.#oidc;
  }

  #toLibrary(request: Request, path: string, body: object): Request {
    const headers = this.#headers(request);
    headers.set("content-type", "application/json");
    headers.delete("content-length");
    return new Request(`${this.options.baseUrl}/api/auth${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
  }

  #headers(request: Request): Headers {
    const headers = new Headers(request.headers);
    const { ip, userAgent } = this.#from(request);
    headers.delete(ADDRESS_HEADER);
    if (ip !== undefined) headers.set(ADDRESS_HEADER, ip);
    if (userAgent !== undefined) headers.set("user-agent", userAgent);
    return headers;
  }

  #from({ headers }: Request): Pick<AuditBy, "ip" | "userAgent"> {
    return { ip: clientAddress(headers, this.options.proxies), userAgent: clientUserAgent(headers) };
  }

  /** Names that are nobody's are not written down: people type passwords into the wrong field. */
  async #refuse(from: Pick<AuditBy, "ip" | "userAgent">, username: string, why: string): Promise<void> {
    const { db } = this.options;
    const userId = await findUserId(db, username);
    await appendAudit(db, {
      ...from,
      actorId: null,
      actorName: userId === null ? "unknown" : username,
      action: "session.refuse",
      targetKind: "user",
      targetId: userId ?? "unknown",
      after: { why },
    });
  }
}

async function readBody(request: Request): Promise<Record<string, unknown> | null> {
  const text = await request.text();
  if (text.length > MAX_BODY_BYTES) return null;
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** An address of this console to come back to, whatever is asked for. */
function ownAddress(next: unknown, baseUrl: string): string {
  if (typeof next !== "string") return baseUrl;
  try {
    const url = new URL(next, baseUrl);
    return next.startsWith("/") && url.origin === new URL(baseUrl).origin ? url.href : baseUrl;
  } catch {
    return baseUrl;
  }
}

function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
  return Response.json({ code }, { status, headers: { "cache-control": "no-store", ...headers } });
}

import { type NextRequest, NextResponse } from "next/server";

const development = process.env.NODE_ENV === "development";

/**
 * Runs before every page. It gives the page a Content-Security-Policy with a nonce of its own, and sends a browser
 * without a session cookie to the sign-in page. That is a courtesy, no check: who may see what is decided by every
 * procedure, on a session read from the database.
 */
export function proxy(request: NextRequest): NextResponse {
  if (request.nextUrl.pathname !== "/login" && !hasSessionCookie(request)) return redirectToLogin(request);
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce);
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("x-address", request.nextUrl.pathname + request.nextUrl.search);
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return response;
}

/** The framework sends this as a path alone: behind a reverse proxy this process does not know the name browsers use. */
function redirectToLogin(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl;
  const location = new URL("/login", request.url);
  if (pathname !== "/") location.searchParams.set("next", pathname + search);
  return NextResponse.redirect(location);
}

function hasSessionCookie(request: NextRequest): boolean {
  return (
    request.cookies.has("surelay.session_token") || request.cookies.has("__Secure-surelay.session_token")
  );
}

/** `style-src-attr 'unsafe-inline'`: the component library positions with style attributes, which take no nonce. */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export const config = {
  matcher: ["/((?!api/|_next/static|_next/image|healthz$|readyz$|metrics$|icon.svg$).*)"],
};

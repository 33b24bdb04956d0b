/** A call of the service's public HTTP API. */
export interface CurlRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Begins with a slash. */
  path: string;
  /** A string is sent as it stands; anything else as JSON. */
  body?: unknown;
}

/** The same call for a shell; the key stays in the environment variable SURELAY_API_KEY. Pure. */
export function formatCurl(apiUrl: string, { method, path, body }: CurlRequest): string {
  const lines = [
    `curl ${method === "GET" ? "" : `-X ${method} `}${quote(apiUrl + path)}`,
    `  -H "authorization: Bearer $SURELAY_API_KEY"`,
  ];
  if (body !== undefined)
    lines.push(
      `  -H 'content-type: application/json'`,
      `  --data-binary ${quote(typeof body === "string" ? body : JSON.stringify(body))}`,
    );
  return lines.join(" \\\n");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

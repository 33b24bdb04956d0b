import type { PostResult } from "./post-request.ts";

/** Bytes of a response's body that are kept. */
export const KEPT_BODY_BYTES = 4096;

/** What is kept of a response for an operator to read. */
export interface KeptResponse {
  /** Also of a response that broke off. */
  status: number | null;
  /** The beginning of the body, at most 4 KiB; null: none. */
  body: string | null;
  bodyCut: boolean;
}

/** The part of a request's end that is kept. Pure. */
export function keptResponse(result: PostResult): KeptResponse {
  if (result.kind !== "answered")
    return { status: result.kind === "lost" ? result.status : null, body: null, bodyCut: false };
  const bodyCut = result.body.length > KEPT_BODY_BYTES || result.tooLarge;
  const kept = result.body.subarray(0, KEPT_BODY_BYTES);
  // A character that the cut has split is left out; U+0000 cannot be stored as text.
  const text = new TextDecoder().decode(kept, { stream: bodyCut }).replaceAll("\0", "\uFFFD");
  return { status: result.status, body: text === "" ? null : text, bodyCut };
}

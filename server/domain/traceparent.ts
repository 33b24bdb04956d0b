const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Whether a text is a W3C trace context worth keeping; anything else is dropped, as the standard asks. */
export function isTraceparent(text: string): boolean {
  return TRACEPARENT.test(text);
}

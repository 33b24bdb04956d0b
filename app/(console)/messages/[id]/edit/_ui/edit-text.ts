import { decodePayload } from "../../_ui/payload/payload-forms.ts";
import { indentJson } from "../../_ui/payload/indent-json.ts";

/** A payload as it is edited; null: it is no text, and is not edited here. JSON is laid out, every digit as it stands. */
export function editableText(base64: string, contentType: string): string | null {
  const bytes = atob(base64).length;
  const { text, exact, json } = decodePayload(base64, bytes, contentType);
  if (!exact) return null;
  return json ? indentJson(text) : text;
}

/** What is sent of an edited text. */
export function toBase64(text: string): string {
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}

export const isJsonType = (contentType: string): boolean => /\bjson\b/i.test(contentType);

/** Why a text that calls itself JSON is none, in the parser's words; null: it is, or does not say so. */
export function jsonFaultOf(text: string, contentType: string): string | null {
  if (!isJsonType(contentType)) return null;
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

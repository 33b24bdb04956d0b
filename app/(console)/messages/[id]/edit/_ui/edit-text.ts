import { decodePayload } from "../../_ui/payload/payload-forms.ts";
import { indentJson } from "../../_ui/payload/indent-json.ts";

/** A payload as it is edited. */
export interface EditableText {
  /** JSON is laid out, every digit as it stands. */
  text: string;
  /** What stands for each `\n` of the text in the payload. */
  lineEnd: string;
}

/**
 * A payload for the editor, which knows no line end but `\n`. One with ends of several kinds loses their difference where it
 * is edited, and the comparison shows it.
 *
 * @returns null: it is no text, and is not edited here
 */
export function editableText(base64: string, contentType: string): EditableText | null {
  const bytes = atob(base64).length;
  const { text, exact, json } = decodePayload(base64, bytes, contentType);
  if (!exact) return null;
  if (json) return { text: indentJson(text), lineEnd: "\n" };
  const [lineEnd = "\n", ...others] = new Set(text.match(/\r\n|[\r\n]/g));
  if (others.length > 0) return { text, lineEnd: "\n" };
  return { text: text.replaceAll(lineEnd, "\n"), lineEnd };
}

/**
 * What is sent of an edited text.
 *
 * @param before what the editor began with, and the payload behind it, which is sent as it is when nothing was changed
 */
export function editedBase64(text: string, before: EditableText, base64: string): string {
  if (text === before.text) return base64;
  let bytes = "";
  for (const byte of new TextEncoder().encode(text.replaceAll("\n", before.lineEnd)))
    bytes += String.fromCharCode(byte);
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

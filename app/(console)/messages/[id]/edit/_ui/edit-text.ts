import { decodePayload } from "../../_ui/payload/payload-forms.ts";
import { indentJson, joinJson, looksLikeJson } from "../../_ui/payload/indent-json.ts";

/** Between the tokens of JSON on one line: as JSON.stringify writes it, and as PostgreSQL and Python do. */
const GAPS = ["", " "] as const;

/** A payload as it is edited. */
export interface EditableText {
  /** As it stands in the editor at first. */
  text: string;
  /** As it was sent. */
  payload: string;
  /** Writes an edited text as the payload was written: of `text` it makes `payload`. */
  restore: (edited: string) => string;
}

/**
 * A payload for the editor, so that no byte changes but those that are edited. JSON on one line is laid out, every digit as
 * it stands, and put on one line again; laid out in any other way it stays as it is. The editor knows no line end but `\n`:
 * a text with ends of several kinds loses their difference where it is edited, and the comparison shows it.
 *
 * @returns null: it is no text, and is not edited here
 */
export function editableText(base64: string, contentType: string): EditableText | null {
  const bytes = atob(base64).length;
  const { text, exact, json } = decodePayload(base64, bytes, contentType);
  if (!exact) return null;
  const gap = json ? GAPS.find((one) => joinJson(text, one) === text) : undefined;
  if (gap !== undefined)
    return {
      text: indentJson(text),
      payload: text,
      restore: (edited) => (looksLikeJson(edited, contentType, false) ? joinJson(edited, gap) : edited),
    };
  const [lineEnd = "\n", ...others] = new Set(text.match(/\r\n|[\r\n]/g));
  if (others.length > 0) return { text, payload: text, restore: (edited) => edited };
  return {
    text: text.replaceAll(lineEnd, "\n"),
    payload: text,
    restore: (edited) => edited.replaceAll("\n", lineEnd),
  };
}

/** A text as the bytes of a payload. */
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

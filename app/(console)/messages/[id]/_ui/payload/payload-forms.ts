import { type DumpRow, bytesOf, decodeText, dumpRows, hexDump } from "./decode-payload.ts";
import { type Match, findInBytes, findInLines } from "./find-matches.ts";
import { indentJson, looksLikeJson } from "./indent-json.ts";
import { type JsonLine, jsonLines } from "./json-lines.ts";

export type PayloadForm = "json" | "text" | "hex";

export interface DecodedPayload {
  raw: Uint8Array;
  /** There is more of it than was sent for display. */
  cut: boolean;
  text: string;
  /** False: it is no UTF-8 text. */
  exact: boolean;
  json: boolean;
  /** The form that says most about it. */
  best: PayloadForm;
}

/** @param bytes of the whole payload, of which `base64` may hold the beginning */
export function decodePayload(base64: string, bytes: number, contentType: string): DecodedPayload {
  const raw = bytesOf(base64);
  const cut = raw.length < bytes;
  const { text, exact } = decodeText(raw, cut);
  const json = exact && looksLikeJson(text, contentType, cut);
  return { raw, cut, text, exact, json, best: json ? "json" : exact ? "text" : "hex" };
}

export type PayloadContent =
  | { form: "json"; lines: JsonLine[] }
  | { form: "text"; lines: string[] }
  | { form: "hex"; rows: DumpRow[]; raw: Uint8Array };

/** A payload in one form, line by line. */
export function layOutPayload({ text, raw }: DecodedPayload, form: PayloadForm): PayloadContent {
  if (form === "hex") return { form, rows: dumpRows(raw), raw };
  if (form === "text") return { form, lines: text.split("\n") };
  return { form, lines: jsonLines(indentJson(text)) };
}

export function findIn(content: PayloadContent, wanted: string): Match[] {
  if (content.form === "hex") return findInBytes(content.raw, wanted);
  return findInLines(textLines(content), wanted);
}

/** What the copy button takes: the content as it is shown, nothing folded. */
export function copyText(content: PayloadContent): string {
  return content.form === "hex" ? hexDump(content.raw) : textLines(content).join("\n");
}

function textLines(content: Exclude<PayloadContent, { form: "hex" }>): string[] {
  return content.form === "text" ? content.lines : content.lines.map((line) => line.text);
}

/** The bytes behind base64. */
export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

export interface DecodedText {
  text: string;
  /** False: some bytes are no UTF-8 and stand as U+FFFD in `text`. */
  exact: boolean;
}

/**
 * Bytes as UTF-8 text.
 * @param cut the bytes are the beginning of more: a character that is broken off at the end is left out, and is no fault
 */
export function decodeText(bytes: Uint8Array, cut: boolean): DecodedText {
  try {
    return {
      text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: cut }),
      exact: true,
    };
  } catch {
    return { text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), exact: false };
  }
}

/** `00000000  48 65 …  |He…|`, sixteen bytes to a line, as hexdump -C writes them. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += 16) {
    const row = bytes.subarray(offset, offset + 16);
    const hex = [...row].map((byte) => byte.toString(16).padStart(2, "0"));
    const halves = [hex.slice(0, 8).join(" "), hex.slice(8).join(" ")].join("  ").padEnd(48);
    const text = [...row]
      .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "."))
      .join("");
    lines.push(`${offset.toString(16).padStart(8, "0")}  ${halves}  |${text}|`);
  }
  return lines.join("\n");
}

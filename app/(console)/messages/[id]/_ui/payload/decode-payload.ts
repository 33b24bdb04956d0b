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

/** Bytes to a line of a dump. */
export const DUMP_WIDTH = 16;

export interface DumpRow {
  offset: string;
  /** One for each byte. */
  hex: string[];
  /** One for each byte: what is printable of ASCII, else a dot. */
  text: string[];
}

/** Bytes line by line, sixteen to a line. */
export function dumpRows(bytes: Uint8Array): DumpRow[] {
  const rows: DumpRow[] = [];
  for (let offset = 0; offset < bytes.length; offset += DUMP_WIDTH) {
    const row = [...bytes.subarray(offset, offset + DUMP_WIDTH)];
    rows.push({
      offset: offset.toString(16).padStart(8, "0"),
      hex: row.map((byte) => byte.toString(16).padStart(2, "0")),
      text: row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")),
    });
  }
  return rows;
}

/** `00000000  48 65 …  |He…|`, as hexdump -C writes them. */
export function hexDump(bytes: Uint8Array): string {
  return dumpRows(bytes)
    .map(({ offset, hex, text }) => {
      const halves = [hex.slice(0, 8).join(" "), hex.slice(8).join(" ")].join("  ").padEnd(48);
      return `${offset}  ${halves}  |${text.join("")}|`;
    })
    .join("\n");
}

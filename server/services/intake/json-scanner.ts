/** The bytes are not JSON. `message` is safe to show. */
export class JsonFault extends Error {
  constructor(what: string, at: number) {
    super(`${what} at byte ${at}`);
    this.name = "JsonFault";
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

/** Called once per member of an object; `name` is decoded, the value is `bytes[from, to)`. */
export type MemberVisitor = (name: string, from: number, to: number) => void;
/** Called once per element of an array; returns the position after it, as `skip` or `members` give it. */
export type ElementVisitor = (from: number, index: number) => number;

/**
 * Finds where the values of a JSON text lie, without building them: JSON.parse would round long numbers, reorder
 * integer-like keys and swallow duplicates, and a payload has to be stored as it was written. Accepts exactly what
 * JSON.parse accepts (tested by property), in one pass, without recursion: depth costs memory, never the stack.
 *
 * The bytes must be UTF-8; the caller checks that (`isUtf8`), as the scanner looks at ASCII only.
 */
export class JsonScanner {
  readonly #bytes: Uint8Array & { utf8Slice(from: number, to: number): string };
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes as unknown as Uint8Array & { utf8Slice(from: number, to: number): string };
  }

  /** The one value of the text, whitespace around it cut. @throws JsonFault */
  whole(): { from: number; to: number } {
    const from = this.begin();
    const to = this.skip(from);
    this.finish(to);
    return { from, to };
  }

  /** Where the text's value begins. */
  begin(): number {
    this.#at = 0;
    this.#skipSpace();
    return this.#at;
  }

  /** Makes sure that nothing but whitespace follows the value that ended at `to`. @throws JsonFault */
  finish(to: number): void {
    this.#at = to;
    this.#skipSpace();
    if (this.#at !== this.#bytes.length) throw this.#fault("something follows the JSON value");
  }

  /** The position after the value that begins at `from`. @throws JsonFault */
  skip(from: number): number {
    this.#at = from;
    this.#skipValue();
    return this.#at;
  }

  /** What kind of value begins at `from`, by its first byte. */
  kindAt(from: number): "object" | "array" | "string" | "number" | "boolean" | "null" {
    switch (this.#bytes[from]) {
      case OPEN_OBJECT:
        return "object";
      case OPEN_ARRAY:
        return "array";
      case QUOTE:
        return "string";
      case 0x74:
      case 0x66:
        return "boolean";
      case 0x6e:
        return "null";
      default:
        return "number";
    }
  }

  /**
   * Visits the members of the object that begins at `from`, in the order written, duplicates included.
   *
   * @returns the position after the object
   * @throws JsonFault
   */
  members(from: number, visit: MemberVisitor): number {
    this.#at = from + 1;
    this.#skipSpace();
    if (this.#bytes[this.#at] === CLOSE_OBJECT) return ++this.#at;
    for (;;) {
      const nameFrom = this.#at;
      this.#skipName();
      const name = this.text(nameFrom, this.#at);
      this.#skipColon();
      const valueFrom = this.#at;
      this.#skipValue();
      const valueTo = this.#at;
      visit(name, valueFrom, valueTo);
      this.#at = valueTo; // the visitor may have scanned inside the value
      this.#skipSpace();
      const next = this.#bytes[this.#at];
      if (next === CLOSE_OBJECT) return ++this.#at;
      if (next !== COMMA) throw this.#fault("expected , or }");
      this.#at++;
      this.#skipSpace();
    }
  }

  /** Visits the elements of the array that begins at `from`. @returns the position after it. @throws JsonFault */
  elements(from: number, visit: ElementVisitor): number {
    this.#at = from + 1;
    this.#skipSpace();
    if (this.#bytes[this.#at] === CLOSE_ARRAY) return ++this.#at;
    for (let index = 0; ; index++) {
      this.#at = visit(this.#at, index);
      this.#skipSpace();
      const next = this.#bytes[this.#at];
      if (next === CLOSE_ARRAY) return ++this.#at;
      if (next !== COMMA) throw this.#fault("expected , or ]");
      this.#at++;
      this.#skipSpace();
    }
  }

  /** The string value `bytes[from, to)`, quotes included in the range, decoded. */
  text(from: number, to: number): string {
    const raw = this.#bytes.utf8Slice(from + 1, to - 1);
    return raw.includes("\\") ? (JSON.parse(`"${raw}"`) as string) : raw;
  }

  /** Whether the string value `bytes[from, to)` is written with escapes. */
  hasEscapes(from: number, to: number): boolean {
    for (let i = from + 1; i < to - 1; i++) if (this.#bytes[i] === BACKSLASH) return true;
    return false;
  }

  #fault(what: string): JsonFault {
    const ended = this.#at >= this.#bytes.length;
    return new JsonFault(ended ? "the JSON text ends early" : what, Math.min(this.#at, this.#bytes.length));
  }

  #skipSpace(): void {
    const bytes = this.#bytes;
    let at = this.#at;
    for (;;) {
      const byte = bytes[at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
      at++;
    }
    this.#at = at;
  }

  #skipName(): void {
    if (this.#bytes[this.#at] !== QUOTE) throw this.#fault("expected \" of a member's name");
    this.#skipString();
  }

  #skipColon(): void {
    this.#skipSpace();
    if (this.#bytes[this.#at] !== COLON) throw this.#fault("expected :");
    this.#at++;
    this.#skipSpace();
  }

  /** One value and everything in it. `open` holds the containers around the place being read. */
  #skipValue(): void {
    let open: number[] = NONE;
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        this.#at++;
        this.#skipSpace();
        const close = byte === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY;
        if (this.#bytes[this.#at] === close) {
          this.#at++;
        } else {
          if (open === NONE) open = [];
          open.push(close);
          if (close === CLOSE_OBJECT) {
            this.#skipName();
            this.#skipColon();
          }
          continue;
        }
      } else if (byte === QUOTE) this.#skipString();
      else this.#skipScalar(byte);

      // A value is complete: go on with the next one of the containers that are still open.
      for (;;) {
        const close = open.at(-1);
        if (close === undefined) return;
        this.#skipSpace();
        const next = this.#bytes[this.#at];
        if (next === close) {
          this.#at++;
          open.pop();
          continue;
        }
        if (next !== COMMA) throw this.#fault(close === CLOSE_OBJECT ? "expected , or }" : "expected , or ]");
        this.#at++;
        this.#skipSpace();
        if (close === CLOSE_OBJECT) {
          this.#skipName();
          this.#skipColon();
        }
        break;
      }
    }
  }

  #skipString(): void {
    const bytes = this.#bytes;
    let at = this.#at + 1;
    for (;;) {
      while (PLAIN[bytes[at]!] === 1) at++;
      const byte = bytes[at];
      if (byte === QUOTE) break;
      this.#at = at;
      if (byte !== BACKSLASH) throw this.#fault("a control character stands in a string");
      at = this.#skipEscape();
    }
    this.#at = at + 1;
  }

  #skipEscape(): number {
    const bytes = this.#bytes;
    const kind = bytes[this.#at + 1];
    if (kind === 0x75) {
      for (let i = 2; i < 6; i++) if (!isHex(bytes[this.#at + i])) throw this.#fault("a broken \\u escape");
      return this.#at + 6;
    }
    // " \ / b f n r t
    const known =
      kind === QUOTE ||
      kind === BACKSLASH ||
      kind === 0x2f ||
      kind === 0x62 ||
      kind === 0x66 ||
      kind === 0x6e ||
      kind === 0x72 ||
      kind === 0x74;
    if (!known) throw this.#fault("an unknown escape");
    return this.#at + 2;
  }

  #skipScalar(byte: number | undefined): void {
    if (byte === 0x74) return this.#skipWord(TRUE);
    if (byte === 0x66) return this.#skipWord(FALSE);
    if (byte === 0x6e) return this.#skipWord(NULL);
    if (byte === 0x2d) byte = this.#bytes[++this.#at];
    if (byte === 0x30) this.#at++;
    else if (isDigit(byte)) this.#skipDigits();
    else throw this.#fault("expected a value");
    if (this.#bytes[this.#at] === 0x2e) {
      this.#at++;
      this.#skipDigits();
    }
    const exponent = this.#bytes[this.#at];
    if (exponent === 0x65 || exponent === 0x45) {
      const sign = this.#bytes[++this.#at];
      if (sign === 0x2b || sign === 0x2d) this.#at++;
      this.#skipDigits();
    }
  }

  #skipDigits(): void {
    if (!isDigit(this.#bytes[this.#at])) throw this.#fault("expected a digit");
    while (isDigit(this.#bytes[this.#at])) this.#at++;
  }

  #skipWord(word: readonly number[]): void {
    for (const byte of word) {
      if (this.#bytes[this.#at] !== byte) throw this.#fault("expected a value");
      this.#at++;
    }
  }
}

/** Bytes that may stand in a string as they are: all but quote, backslash and control characters. */
const PLAIN = new Uint8Array(256).fill(1, 0x20);
PLAIN[QUOTE] = 0;
PLAIN[BACKSLASH] = 0;

const TRUE = [...Buffer.from("true")];
const NONE: number[] = []; // stands for "no container is open"; never written to
const FALSE = [...Buffer.from("false")];
const NULL = [...Buffer.from("null")];

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isHex(byte: number | undefined): boolean {
  return isDigit(byte) || (byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

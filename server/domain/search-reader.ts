import type { PathStep, SearchProblem } from "./search-query.ts";

/** A problem on its way to `parseSearch`. */
export class SearchFault extends Error {
  readonly problem: SearchProblem;

  constructor(code: SearchProblem["code"], at: number, length: number, value: string, near?: string) {
    super(code);
    this.problem = { code, at, length: Math.max(1, length), value, ...(near !== undefined && { near }) };
  }
}

const ESCAPES: Record<string, string> = { '"': '"', "\\": "\\", n: "\n", r: "\r", t: "\t" };

/** Walks over the text of a query. Each `read…` begins where the one before ended. */
export class SearchReader {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.at >= this.#text.length;
  }

  follows(text: string): boolean {
    return this.#text.startsWith(text, this.at);
  }

  /** Whether `payload` and a step or a comparison follow: the beginning of a condition. */
  followsPath(): boolean {
    return this.#match(/payload[.[=]/iy) !== null;
  }

  skipSpace(): void {
    this.at += this.#match(/\s*/y)!.length;
  }

  /** `name:`, or null when something else follows. */
  readName(): string | null {
    const found = this.#match(/[A-Za-z]+:/y);
    if (found === null) return null;
    this.at += found.length;
    return found.slice(0, -1);
  }

  /** Up to white space; may be empty. */
  readBare(): string {
    const text = this.#match(/[^\s"]*/y)!;
    this.#refuseOddCharacters(text, this.at);
    this.at += text.length;
    if (this.follows('"')) throw new SearchFault("strayQuote", this.at, 1, text);
    return text;
  }

  /** What stands in double quotes, with \" \\ \n \r \t \uXXXX. */
  readQuoted(): string {
    const from = this.at;
    let content = "";
    for (this.at += 1; !this.follows('"'); ) {
      if (this.done) throw new SearchFault("openQuote", from, this.at - from, this.#text.slice(from));
      content += this.follows("\\") ? this.#readEscape() : this.#text[this.at++]!;
    }
    this.at += 1;
    this.#refuseOddCharacters(content, from);
    return content;
  }

  /** `payload.a[0]["b c"]=`, `payload.$.a=`: the steps. */
  readPath(): PathStep[] {
    const from = this.at;
    this.at += "payload".length;
    if (this.follows(".$") && this.#match(/\.\$(?=[.[=])/y) !== null) this.at += 2;
    const steps: PathStep[] = [];
    while (!this.follows("=")) steps.push(this.#readStep(from));
    this.at += 1;
    return steps;
  }

  /** @throws SearchFault unless white space or the end follows */
  expectBreak(): void {
    if (!this.done && this.#match(/\s/y) === null)
      throw new SearchFault("strayQuote", this.at, 1, this.#text[this.at]!);
  }

  #readStep(from: number): PathStep {
    const name = this.#match(/\.[^\s.[\]="\\]+/y);
    if (name !== null) {
      this.#refuseOddCharacters(name, this.at);
      this.at += name.length;
      return name.slice(1);
    }
    const index = this.#match(/\[(0|[1-9]\d{0,8})\]/y);
    if (index !== null) {
      this.at += index.length;
      return Number(index.slice(1, -1));
    }
    if (this.follows('["')) {
      this.at += 1;
      const step = this.readQuoted();
      if (this.follows("]")) {
        this.at += 1;
        return step;
      }
    }
    const end = this.#match(/[^\s]*/y)!.length;
    throw new SearchFault("badPath", from, this.at + end - from, this.#text.slice(from, this.at + end));
  }

  #readEscape(): string {
    const [escape, hex] = [this.#text[this.at + 1], /\\u([0-9a-f]{4})/iy];
    hex.lastIndex = this.at;
    const unit = hex.exec(this.#text)?.[1];
    if (unit !== undefined) {
      this.at += 6;
      return String.fromCharCode(Number.parseInt(unit, 16));
    }
    const plain = escape === undefined ? undefined : ESCAPES[escape];
    if (plain === undefined) throw new SearchFault("badEscape", this.at, 2, `\\${escape ?? ""}`);
    this.at += 2;
    return plain;
  }

  /** What PostgreSQL's text cannot hold, so that nothing stored could equal it. */
  #refuseOddCharacters(text: string, at: number): void {
    if (/\0|\p{Surrogate}/u.test(text)) throw new SearchFault("badCharacter", at, this.at - at, "");
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.#text)?.[0] ?? null;
  }
}

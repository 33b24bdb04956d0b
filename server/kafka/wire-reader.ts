/** Reads the primitive types of Kafka's protocol, the plain encoding of versions before the "flexible" ones. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#advance(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#advance(4));
  }

  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.#advance(8));
  }

  string(): string | null {
    const length = this.int16();
    if (length < 0) return null;
    const start = this.#advance(length);
    return this.#bytes.toString("utf8", start, start + length);
  }

  /** A null array reads as an empty one. */
  array<T>(element: () => T): T[] {
    const length = this.int32();
    const elements: T[] = [];
    for (let i = 0; i < length; i++) elements.push(element());
    return elements;
  }

  #advance(bytes: number): number {
    const from = this.#at;
    this.#at += bytes;
    return from;
  }
}

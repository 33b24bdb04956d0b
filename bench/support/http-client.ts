import { connect, type Socket } from "node:net";

export interface Reply {
  /** 2xx. */
  ok: boolean;
  body: string;
}

/**
 * A client as lean as can be: a raw keep-alive socket, requests put together as text, one request at a time. It shares two
 * cores with what it measures.
 */
export class HttpClient {
  readonly #socket: Socket;
  readonly #key: string;
  #received: Buffer[] = [];
  #length = 0;
  #head = 0;
  #expected = -1;
  #answered: ((reply: Reply) => void) | null = null;

  constructor(port: number, key: string) {
    this.#key = key;
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.#socket.on("data", (chunk: Buffer) => this.#read(chunk));
    this.#socket.on("error", (error) => {
      throw error;
    });
  }

  post(path: string, body: string): Promise<Reply> {
    this.#socket.write(
      `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${this.#key}\r\n` +
        (body === "" ? "" : "content-type: application/json\r\n") +
        `content-length: ${body.length}\r\n\r\n${body}`,
    );
    return new Promise((resolve) => (this.#answered = resolve));
  }

  end(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#received.push(chunk);
    this.#length += chunk.length;
    if (this.#expected < 0) {
      const head = (this.#received.length === 1 ? chunk : Buffer.concat(this.#received)).toString("latin1");
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      this.#head = end + 4;
      this.#expected = this.#head + Number(/content-length: (\d+)/i.exec(head.slice(0, end))![1]);
    }
    if (this.#length < this.#expected) return;
    const all = this.#received.length === 1 ? this.#received[0]! : Buffer.concat(this.#received);
    const reply = { ok: all[9] === 0x32, body: all.toString("latin1", this.#head) }; // HTTP/1.1 2xx
    this.#received = [];
    this.#length = 0;
    this.#expected = -1;
    this.#answered!(reply);
  }
}

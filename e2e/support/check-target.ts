import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A business system that is asked, and answers what it is told to. */
export class CheckTarget {
  /** Of the next answers: an outcome, or a status without one. */
  answer: "committed" | "rolled_back" | "unknown" | number = "unknown";
  readonly asked: { messageId: string; attempt: number }[] = [];
  readonly #server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      this.asked.push(JSON.parse(Buffer.concat(parts).toString()) as { messageId: string; attempt: number });
      const { answer } = this;
      response.writeHead(typeof answer === "number" ? answer : 200, { "content-type": "application/json" });
      response.end(
        JSON.stringify(typeof answer === "number" ? { error: "no valid signature" } : { outcome: answer }),
      );
    });
  });

  /** @returns its check URL */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/check`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

import { type AddressInfo, type Server, type Socket, connect, createServer } from "node:net";

/** A wire to a server that can be cut: the network failing, as a browser sees it. */
export class Wire {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #whole = true;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async to(url: string): Promise<Wire> {
    const { hostname, port } = new URL(url);
    const server = createServer();
    const wire = new Wire(server);
    server.on("connection", (near) => wire.#join(near, connect(Number(port), hostname)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends what is connected and refuses what comes. */
  cut(): void {
    this.#whole = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#whole = true;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near: Socket, far: Socket): void {
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        this.#sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    if (!this.#whole) near.destroy();
    else near.pipe(far).pipe(near);
  }
}

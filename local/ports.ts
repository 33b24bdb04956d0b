import { createServer } from "node:net";
import { OperatorError } from "../server/errors.ts";

/** A TCP port on 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  return (await listenOnce(0)) as number;
}

/** Whether nothing listens on this port of 127.0.0.1. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== null;
}

/** @throws OperatorError `port_in_use`, naming the port, what wanted it and the variable that moves it. */
export async function requireFreePort(port: number, what: string, variable: string): Promise<void> {
  if (!(await isPortFree(port))) throw portInUse(port, what, variable);
}

export function portInUse(port: number, what: string, variable: string): OperatorError {
  return new OperatorError(
    "port_in_use",
    `Port ${port}, wanted for ${what}, is in use by another program. Stop that program (\`lsof -i :${port}\` or \`ss -ltnp\` tells which it is), or choose another port with ${variable}.`,
  );
}

function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" || error.code === "EACCES" ? resolve(null) : reject(error),
    );
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : null));
    });
  });
}

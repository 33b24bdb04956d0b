import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A business whose check endpoint says `committed` after BENCH_ANSWER_MS. Prints its port. */
const answerMs = Number(process.env.BENCH_ANSWER_MS ?? 5);
const body = JSON.stringify({ outcome: "committed" });
const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume();
  request.on("end", () => setTimeout(() => response.writeHead(200, headers).end(body), answerMs));
});
server.listen(0, "127.0.0.1", () =>
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port })),
);

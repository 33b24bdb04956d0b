import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A receiver of webhooks that says 200 after BENCH_ANSWER_MS; to a path that begins with /dead it says nothing. Prints its port. */
const answerMs = Number(process.env.BENCH_ANSWER_MS ?? 5);
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume();
  request.on("end", () => {
    if (request.url?.startsWith("/dead")) return;
    setTimeout(() => response.writeHead(200, { "content-length": 0 }).end(), answerMs);
  });
});
server.listen(0, "127.0.0.1", () =>
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port })),
);

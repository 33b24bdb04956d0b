import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ackBatch, type AckItem } from "../../../sdk/contract/acks.ts";

/** What answers `POST /v1/acks` in the service's place: keeps what it is told, and answers as it is told to. */
export interface AckReceiver {
  url: string;
  items: AckItem[];
  /** Calls so far. */
  calls: number;
  /** While set: every call is answered so. */
  refuse: { status: number; code: string } | null;
  /** An item's own error, by message id. */
  errors: Map<string, { status: number; code: string }>;
  of(messageId: string): AckItem[];
  onItem: (item: AckItem) => void;
  stop(): Promise<void>;
}

const problem = ({ status, code }: { status: number; code: string }) => ({
  type: "about:blank",
  title: code,
  status,
  code,
  detail: code,
});

export async function receiveAcks(): Promise<AckReceiver> {
  const answer = (response: ServerResponse, status: number, body: unknown) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (request.method === "GET" && request.url === "/v1/acks")
        return answer(response, 405, problem({ status: 405, code: "method_not_allowed" }));
      if (request.method === "GET") return answer(response, 404, problem({ status: 404, code: "not_found" })); // it knows no subscription
      receiver.calls++;
      if (receiver.refuse) return answer(response, receiver.refuse.status, problem(receiver.refuse));
      const { items } = ackBatch.parse(JSON.parse(Buffer.concat(chunks).toString()));
      const results = items.map((item) => {
        const { messageId, subscription, attempt } = item;
        const error = receiver.errors.get(messageId);
        if (error) return { messageId, subscription, error: problem(error) };
        receiver.items.push(item);
        receiver.onItem(item);
        return { messageId, subscription, state: "ACKED", attempt };
      });
      return answer(response, 200, { results });
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const receiver: AckReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    items: [],
    calls: 0,
    refuse: null,
    errors: new Map(),
    of: (messageId) => receiver.items.filter((item) => item.messageId === messageId),
    onItem: () => undefined,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return receiver;
}

import type { Agent as HttpAgent } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import { Api, toItemError } from "../client/call-api.ts";
import { SurelayError } from "../client/surelay-error.ts";
import type { AckCarrier } from "./send-acks.ts";

/** Acknowledgements by `POST /v1/acks`: each is answered, and what is wrong with it is said. */
export interface AckByApi {
  /** Where the service's API is, such as `http://127.0.0.1:4000`. */
  url: string;
  /** An API key with the scope `consume`; a function is asked at every call. */
  key: string | (() => string);
  /** In place of the SDK's own connections: for proxies and client certificates. */
  agent?: HttpAgent | HttpsAgent;
}

export function ackByApi(options: AckByApi): AckCarrier {
  const api = new Api({ url: options.url, key: options.key, maxSockets: 4, agent: options.agent });
  return {
    maxInFlight: 2,
    async carry(acks, timeoutMs) {
      const body = `{"items":[${acks.map((ack) => ack.json).join(",")}]}`;
      const answer = await api.post("v1/acks", body, timeoutMs);
      const results = (answer as { results?: unknown } | null)?.results;
      if (!Array.isArray(results) || results.length !== acks.length)
        throw new SurelayError(
          "bad_answer",
          "What answered is not Surelay's API: it holds no result per item.",
        );
      return (results as { error?: unknown }[]).map(({ error }, i) =>
        error ? toItemError(error, acks[i]!.messageId) : true,
      );
    },
    close: async () => api.destroy(),
  };
}

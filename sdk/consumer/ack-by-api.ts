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
      const answer = await api.post(CALL, body, timeoutMs).catch((error: unknown) => {
        throw notTheApi(error, options.url);
      });
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

const CALL = "v1/acks";

/**
 * Whether an address is that of the API: there, this call is known and is no GET.
 *
 * @throws SurelayError it is not, or it does not answer just now
 */
export async function requireApi(api: Api, url: string, timeoutMs: number): Promise<void> {
  await api.get(CALL, timeoutMs).catch((error: unknown) => {
    if ((error as SurelayError).code !== "method_not_allowed") throw notTheApi(error, url);
  });
}

/** The 404 of a whole call is that of no message: a message settled by it would be forgotten. */
function notTheApi(error: unknown, url: string): unknown {
  if ((error as SurelayError).status !== 404) return error;
  return new SurelayError("bad_answer", `${url} is not the address of Surelay's API: it has no ${CALL}.`, {
    status: 404,
    retryable: false,
    cause: error,
  });
}

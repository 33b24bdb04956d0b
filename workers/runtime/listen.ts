import pg from "pg";
import type { Log } from "../../server/log.ts";
import { Wake } from "./loop.ts";

const RECONNECT_MS = 1000;
/** A connection that is silently cut is noticed by this probe, at the latest. */
const PROBE_MS = 10_000;

/**
 * LISTENs on a channel with a connection of its own until the signal aborts, and connects anew whenever it is lost.
 * Notifications can be missed meanwhile: whoever is woken by them polls as well.
 *
 * @param onNotify called with each notification's payload, and with "" after every (re)connect
 */
export async function listenFor(
  url: string,
  channel: string,
  onNotify: (payload: string) => void,
  options: { signal: AbortSignal; log: Log },
): Promise<void> {
  const pause = new Wake();
  while (!options.signal.aborted) {
    try {
      await listenOnce(url, channel, onNotify, options.signal);
    } catch (error) {
      if (!options.signal.aborted) options.log.warn({ err: error, channel }, "listening was interrupted");
    }
    if (!options.signal.aborted) await pause.wait(RECONNECT_MS, options.signal);
  }
}

async function listenOnce(
  url: string,
  channel: string,
  onNotify: (payload: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    application_name: `surelay listen ${channel}`,
    connectionTimeoutMillis: 5000,
    query_timeout: 5000,
    keepAlive: true,
  });
  const ended = new Promise<never>((_, reject) => {
    client.on("error", reject);
    client.on("end", () => reject(new Error("connection ended")));
  });
  ended.catch(() => undefined);
  try {
    await client.connect();
    client.on("notification", (n) => onNotify(n.payload ?? ""));
    await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    onNotify("");
    const probe = new Wake();
    while (!signal.aborted) {
      await Promise.race([ended, probe.wait(PROBE_MS, signal)]);
      if (!signal.aborted) await client.query("SELECT 1");
    }
  } finally {
    void client.end().catch(() => undefined);
  }
}

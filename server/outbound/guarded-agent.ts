import { lookup as resolve, type LookupAddress, type LookupOptions } from "node:dns";
import http from "node:http";
import https from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { type AllowedHosts, mayConnect } from "./allowed-hosts.ts";

/** A destination that is not allowed; nothing was sent. `message` is one sentence for an operator. */
export class AddressNotAllowed extends Error {
  readonly code = "address_not_allowed";
}

/** How names become addresses: the system's way, unless a test says otherwise. */
export type Resolve = (
  host: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface GuardedAgents {
  /** @param kept whether a connection that is open already will do */
  pick(protocol: string, kept: boolean): http.Agent;
  close(): void;
}

/**
 * Connections that are kept alive and lead to allowed addresses only. What a name resolves to is judged here, at the moment
 * of connecting, and exactly the judged addresses are connected to: looking before would leave time for the name to change
 * (DNS rebinding). A connection that is used again was judged when it was made.
 */
export function createGuardedAgents(allowed: AllowedHosts, by: Resolve = resolve): GuardedAgents {
  // No bound here: how much is asked at once is bounded by who asks, and a request must not wait for a connection.
  const kept = { keepAlive: true, maxFreeSockets: 64, scheduling: "lifo" } as const;
  const agents = {
    kept: { "http:": new http.Agent(kept), "https:": new https.Agent(kept) },
    fresh: { "http:": new http.Agent(), "https:": new https.Agent() },
  };
  const all = [agents.kept, agents.fresh].flatMap((pair) => Object.values(pair));
  for (const agent of all) guard(agent, allowed, by);
  return {
    pick: (protocol, kept) => agents[kept ? "kept" : "fresh"][protocol === "https:" ? "https:" : "http:"],
    close: () => all.forEach((agent) => agent.destroy()),
  };
}

type Connect = (options: http.ClientRequestArgs, callback?: unknown) => unknown;

function guard(agent: http.Agent, allowed: AllowedHosts, by: Resolve): void {
  const hooked = agent as unknown as { createConnection: Connect };
  const connect = hooked.createConnection.bind(agent);
  hooked.createConnection = (options, callback) => {
    const destination = { host: String(options.host ?? ""), port: Number(options.port) };
    // Node connects to an address without looking it up: it is judged here.
    if (isIP(destination.host) !== 0 && !mayConnect(allowed, destination, destination.host))
      throw refused(destination.host);
    const lookup: LookupFunction = (host, wish, done) => {
      by(host, { ...wish, all: true }, (error, found) => {
        if (error) return done(error, "", 0);
        const good = found.filter(({ address }) => mayConnect(allowed, destination, address));
        if (good.length === 0) return done(refused(host), "", 0);
        if (wish.all) return done(null, good);
        done(null, good[0]!.address, good[0]!.family);
      });
    };
    return connect({ ...options, lookup }, callback);
  };
}

function refused(host: string): AddressNotAllowed {
  return new AddressNotAllowed(
    `${host} is, or leads to, an address that SURELAY_ALLOWED_HOSTS does not allow; nothing was sent.`,
  );
}

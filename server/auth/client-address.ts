import { type BlockList, isIP } from "node:net";

/**
 * Carries the other end of the connection from the socket to whoever reads the request's headers. Set for every request
 * by stampPeerAddress, whatever a client sent under this name.
 */
export const PEER_HEADER = "x-surelay-peer";

/** Most of a header that is kept: a client decides its length. */
const MAX_USER_AGENT = 400;

/**
 * The browser's address: the other end of the connection, or, when that is a trusted proxy, the nearest address in
 * `x-forwarded-for` that is not one. Read from the right: each proxy appends what it saw, and what stands further left
 * is what a client claims.
 */
export function clientAddress(headers: Headers, trusted: BlockList): string | undefined {
  const peer = plainAddress(headers.get(PEER_HEADER) ?? "");
  if (peer === null) return undefined;
  if (!isTrusted(peer, trusted)) return peer;
  const hops = (headers.get("x-forwarded-for") ?? "").split(",");
  let nearest = peer;
  for (const hop of hops.toReversed()) {
    const address = plainAddress(hop.trim());
    if (address === null) break;
    nearest = address;
    if (!isTrusted(address, trusted)) break;
  }
  return nearest;
}

/** What the client says it is, shortened. */
export function clientUserAgent(headers: Headers): string | undefined {
  return headers.get("user-agent")?.slice(0, MAX_USER_AGENT) || undefined;
}

function isTrusted(address: string, trusted: BlockList): boolean {
  return trusted.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/** An IPv4 address seen through an IPv6 socket is written as IPv4; a port or brackets are dropped. Null: no address. */
function plainAddress(text: string): string | null {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const address = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? bare;
  return isIP(address) === 0 ? null : address;
}

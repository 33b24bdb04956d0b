import { type BlockList, isIP } from "node:net";
import { isPublicAddress, isWithin, listOf } from "./address-range.ts";

/** Where requests may go: what `SURELAY_ALLOWED_HOSTS` says. */
export interface AllowedHosts {
  /** Null: nothing was listed, so any host, at public addresses. */
  entries: readonly AllowedHost[] | null;
}

interface AllowedHost {
  /** The entry `public`: any host at a public address. */
  isPublic?: boolean;
  /** By name (`hooks.example.com`, `*.example.com`) or by network. */
  name: string | null;
  suffix: string | null;
  network: BlockList | null;
  port: number | null;
}

/**
 * Reads a list such as `hooks.example.com, *.internal.example.com:8443, 10.1.0.0/16, [fd00::]/8, 127.0.0.1:9001`. With a
 * list only what it names is reached: names whatever their address, networks under whatever name, and with `public` what is reached
 * without a list.
 *
 * @throws RangeError names the entry nobody can read
 */
export function parseAllowedHosts(entries: readonly string[]): AllowedHosts {
  return { entries: entries.length === 0 ? null : entries.map(parseEntry) };
}

const BARE_IPV6 = /^([0-9a-f]*:[0-9a-f:.]*:[0-9a-f.]*)(\/\d{1,3})?()$/i;
const BRACKETED = /^\[([0-9a-f:.]+)\](\/\d{1,3})?(?::(\d{1,5}))?$/i;
const PLAIN = /^([^:/[\]\s]+)(\/\d{1,3})?(?::(\d{1,5}))?$/;
const NAME = /^(\*(?=\.))?(\.?[a-z0-9_][a-z0-9._-]{0,252})$/;

function parseEntry(text: string): AllowedHost {
  if (text === "public") return { isPublic: true, name: null, suffix: null, network: null, port: null };
  const fault = new RangeError(
    `${JSON.stringify(text)} is no host: expected public, a name, *.suffix, an address or a network, each with or without :port`,
  );
  const parts = BRACKETED.exec(text) ?? BARE_IPV6.exec(text) ?? PLAIN.exec(text);
  if (!parts) throw fault;
  const [, host = "", bits = "", portText] = parts;
  const port = portText ? Number(portText) : null;
  if (port !== null && (port < 1 || port > 65_535)) throw fault;
  if (isIP(host) !== 0) {
    try {
      return { name: null, suffix: null, network: listOf([host + bits]), port };
    } catch {
      throw fault;
    }
  }
  const name = NAME.exec(host.toLowerCase());
  if (!name || bits !== "" || /^[\d.]+$/.test(host)) throw fault;
  const isSuffix = name[1] === "*";
  if (!isSuffix && name[2]!.startsWith(".")) throw fault;
  return { name: isSuffix ? null : name[2]!, suffix: isSuffix ? name[2]! : null, network: null, port };
}

/** Where a request is about to go. */
export interface Destination {
  /** As the URL has it: a name or an address, IPv6 without brackets. */
  host: string;
  port: number;
}

/**
 * Whether a connection to `address` may be made for this destination. To be asked with the very address that is connected
 * to: a name may lead anywhere by then. Pure.
 */
export function mayConnect(allowed: AllowedHosts, { host, port }: Destination, address: string): boolean {
  if (allowed.entries === null) return isPublicAddress(address);
  const name = host.toLowerCase().replace(/\.$/, "");
  return allowed.entries.some((entry) => {
    if (entry.port !== null && entry.port !== port) return false;
    if (entry.isPublic) return isPublicAddress(address);
    if (entry.network) return isWithin(entry.network, address);
    return entry.suffix === null ? entry.name === name : name.endsWith(entry.suffix);
  });
}

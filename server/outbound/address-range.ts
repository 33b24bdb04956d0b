import { BlockList, isIP } from "node:net";

/** Networks that are not the public internet: loopback, private, link-local (with the clouds' metadata addresses), reserved. */
const NOT_PUBLIC = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/23",
  "2001:db8::/32",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
];

const notPublic = listOf(NOT_PUBLIC);

/** Whether an address is one of the public internet. An IPv4 address written into an IPv6 one is judged as what it is. */
export function isPublicAddress(address: string): boolean {
  const plain = plainAddress(address);
  return isIP(plain) !== 0 && !isWithin(notPublic, plain);
}

/** @param networks addresses or `address/bits`. @throws RangeError names what is neither */
export function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    const family = isIP(address);
    const most = family === 4 ? 32 : 128;
    const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
    if (family === 0 || prefix < 0 || prefix > most) throw new RangeError(`${network} is no network`);
    list.addSubnet(address, prefix, family === 4 ? "ipv4" : "ipv6");
  }
  return list;
}

export function isWithin(list: BlockList, address: string): boolean {
  const plain = plainAddress(address);
  const family = isIP(plain);
  return family !== 0 && list.check(plain, family === 4 ? "ipv4" : "ipv6");
}

/** `::ffff:10.0.0.1`, `64:ff9b::10.0.0.1` (NAT64) and `2002:a00:1::` (6to4) lead to 10.0.0.1. */
function plainAddress(address: string): string {
  if (isIP(address) !== 6) return address;
  const words = wordsOf(address);
  const lead = words.slice(0, 6).join(":");
  if (lead === "0:0:0:0:0:ffff" || lead === "64:ff9b:0:0:0:0") return dotted(words[6]!, words[7]!);
  if (words[0] === "2002") return dotted(words[1]!, words[2]!);
  return address;
}

/** The eight words of an IPv6 address, without leading zeros. */
function wordsOf(address: string): string[] {
  const text = address.split("%")[0]!.toLowerCase();
  const tail = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const hex = tail
    ? tail[1]! + [2, 4].map((i) => ((Number(tail[i]) << 8) | Number(tail[i + 1])).toString(16)).join(":")
    : text;
  const [left = "", right] = hex.split("::");
  const before = left === "" ? [] : left.split(":");
  const after = right === undefined || right === "" ? [] : right.split(":");
  const gap = right === undefined ? [] : Array<string>(8 - before.length - after.length).fill("0");
  return [...before, ...gap, ...after].map((word) => Number.parseInt(word, 16).toString(16));
}

function dotted(high: string, low: string): string {
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return `${a >> 8}.${a & 255}.${b >> 8}.${b & 255}`;
}

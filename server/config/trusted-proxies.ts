import { BlockList, isIP } from "node:net";

/**
 * The reverse proxies whose word on a browser's address is believed.
 * @param entries addresses, or networks as `10.0.0.0/8` @throws RangeError naming an entry that is neither
 */
export function trustedProxies(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = "", prefix, ...rest] = entry.split("/");
    const family = isIP(address);
    const most = family === 6 ? 128 : 32;
    const bits = prefix === undefined ? most : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
    if (family === 0 || rest.length > 0 || bits < 0 || bits > most)
      throw new RangeError(`${entry} is no address and no network`);
    list.addSubnet(address, bits, family === 6 ? "ipv6" : "ipv4");
  }
  return list;
}

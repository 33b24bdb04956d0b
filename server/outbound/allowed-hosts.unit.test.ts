import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isPublicAddress } from "./address-range.ts";
import { mayConnect, parseAllowedHosts } from "./allowed-hosts.ts";

const may = (entries: string[], host: string, port: number, address: string) =>
  mayConnect(parseAllowedHosts(entries), { host, port }, address);

describe("without a list", () => {
  test.each(["93.184.216.34", "8.8.8.8", "2606:4700:4700::1111", "172.32.0.1", "11.0.0.1"])(
    "%s is public",
    (address) => {
      expect(may([], "hooks.example.com", 443, address)).toBe(true);
    },
  );

  test.each([
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2002:c0a8:101::1",
    "nonsense",
  ])("%s is not", (address) => {
    expect(may([], "hooks.example.com", 443, address)).toBe(false);
    expect(may(["public"], "hooks.example.com", 443, address)).toBe(false);
  });

  test("an IPv4 address is judged the same inside an IPv6 one", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a, b, c, d] = address.split(".").map(Number) as [number, number, number, number];
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        for (const inside of [`::ffff:${address}`, `::ffff:${hex}`, `64:ff9b::${hex}`, `2002:${hex}::1`])
          expect(isPublicAddress(inside), inside).toBe(isPublicAddress(address));
      }),
    );
  });
});

describe("a list names all there is", () => {
  test.each([
    [["hooks.example.com"], "hooks.example.com", 443, "10.0.0.1", true],
    [["hooks.example.com"], "HOOKS.example.com.", 443, "10.0.0.1", true],
    [["hooks.example.com"], "other.example.com", 443, "93.184.216.34", false],
    [["hooks.example.com"], "hooks.example.com.evil.net", 443, "93.184.216.34", false],
    [["*.example.com"], "a.b.example.com", 443, "10.0.0.1", true],
    [["*.example.com"], "example.com", 443, "10.0.0.1", false],
    [["*.example.com"], "notexample.com", 443, "10.0.0.1", false],
    [["hooks.example.com:8443"], "hooks.example.com", 8443, "10.0.0.1", true],
    [["hooks.example.com:8443"], "hooks.example.com", 443, "10.0.0.1", false],
    [["10.1.0.0/16"], "whatever.internal", 80, "10.1.2.3", true],
    [["10.1.0.0/16"], "whatever.internal", 80, "10.2.0.1", false],
    [["10.1.0.0/16:80"], "whatever.internal", 81, "10.1.2.3", false],
    [["10.1.0.0/16"], "whatever.internal", 80, "::ffff:10.1.2.3", true],
    [["fd00::/8"], "whatever.internal", 80, "fd12::1", true],
    [["::1"], "localhost", 80, "::1", true],
    [["[::1]:9001"], "localhost", 9001, "::1", true],
    [["[::1]:9001"], "localhost", 9002, "::1", false],
    [["public", "127.0.0.1"], "hooks.example.com", 443, "93.184.216.34", true],
    [["public", "127.0.0.1"], "localhost", 443, "127.0.0.1", true],
    [["public", "127.0.0.1"], "localhost", 443, "127.0.0.2", false],
  ] as const)("%j: %s:%i at %s is allowed: %s", (entries, host, port, address, allowed) => {
    expect(may([...entries], host, port, address)).toBe(allowed);
  });

  test.each([
    "",
    "http://x",
    "a b",
    "10.0.0.0/33",
    "::/129",
    "x:0",
    "x:70000",
    "*",
    "*x",
    "a.*.b",
    "1.2.3",
    "-x",
    "x/8",
  ])("%j is refused by name", (entry) => {
    expect(() => parseAllowedHosts([entry])).toThrow(JSON.stringify(entry));
  });
});

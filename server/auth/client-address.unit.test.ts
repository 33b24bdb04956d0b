import { describe, expect, test } from "vitest";
import { trustedProxies } from "../config/trusted-proxies.ts";
import { clientAddress, clientUserAgent } from "./client-address.ts";

const from = (peer: string | undefined, forwarded: string | undefined, trusted: string[] = []) =>
  clientAddress(
    new Headers({
      ...(peer === undefined ? {} : { "x-surelay-peer": peer }),
      ...(forwarded === undefined ? {} : { "x-forwarded-for": forwarded }),
    }),
    trustedProxies(trusted),
  );

describe("a browser's address", () => {
  test("is the connection's other end; what a client claims does not count", () => {
    expect(from("203.0.113.5", undefined)).toBe("203.0.113.5");
    expect(from("203.0.113.5", "198.51.100.1")).toBe("203.0.113.5");
    expect(from("203.0.113.5", "198.51.100.1", ["10.0.0.0/8"])).toBe("203.0.113.5");
    expect(from("::ffff:203.0.113.5", undefined)).toBe("203.0.113.5");
    expect(from("2001:db8::1", undefined)).toBe("2001:db8::1");
    expect(from(undefined, "198.51.100.1")).toBeUndefined();
    expect(from("unknown", "198.51.100.1")).toBeUndefined();
  });

  test("is what the nearest proxy that is not ours saw", () => {
    const ours = ["10.0.0.0/8", "192.0.2.7", "2001:db8:1::/48"];
    expect(from("10.1.2.3", "198.51.100.1", ours)).toBe("198.51.100.1");
    expect(from("10.1.2.3", "1.2.3.4, 198.51.100.1, 192.0.2.7", ours)).toBe("198.51.100.1");
    expect(from("2001:db8:1::5", "[2001:db8:2::9]:443", ours)).toBe("2001:db8:2::9");
    expect(from("::ffff:10.1.2.3", "198.51.100.1:5555", ours)).toBe("198.51.100.1");
    expect(from("10.1.2.3", undefined, ours)).toBe("10.1.2.3");
    expect(from("10.1.2.3", "<script>", ours)).toBe("10.1.2.3");
    expect(from("10.1.2.3", "1.2.3.4, garbage, 10.9.9.9", ours)).toBe("10.9.9.9");
  });
});

test.each(["10.0.0.0/33", "10.0.0", "::1/129", "proxy.local", "10.0.0.0/8/8", "10.0.0.0/x", ""])(
  "%j is no proxy's address",
  (entry) => expect(() => trustedProxies([entry])).toThrow(RangeError),
);

test("a client's name for itself is kept short", () => {
  expect(clientUserAgent(new Headers({ "user-agent": "x".repeat(5000) }))).toHaveLength(400);
  expect(clientUserAgent(new Headers())).toBeUndefined();
});

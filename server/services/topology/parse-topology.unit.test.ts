import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_CHECK_SETTINGS } from "../../domain/check-policy.ts";
import { stringify } from "yaml";
import { parseTopology } from "./parse-topology.ts";

const faultsOf = (text: string) =>
  parseTopology(text).faults.map((fault) => `${fault.line}:${fault.column} ${fault.message}`);

describe("parseTopology", () => {
  it("reads apps and topics, and fills in what is left out", () => {
    const { file, faults } = parseTopology(
      "apps:\n  - name: orders\ntopics:\n  - name: orders.created\n    partitions: 6\n",
    );
    expect(faults).toEqual([]);
    expect(file).toEqual({
      apps: [
        { name: "orders", checkUrl: null, checkAfterSeconds: null, check: NO_CHECK_SETTINGS, contact: null },
      ],
      topics: [{ name: "orders.created", partitions: 6, masked: false, subscriptions: [] }],
      outboxSources: [],
    });
  });

  it("reports all faults at once, each at its line", () => {
    const text = [
      "apps:",
      "  - name: Orders",
      "    checkUrl: ftp://127.0.0.1",
      "    colour: red",
      "  - name: shipping",
      "  - name: shipping",
      "topics:",
      "  - name: surelay.acks",
      "    partitions: 0",
      "  - partitions: 3",
      "  - name: t",
      "    partitions: many",
      "    subscriptions:",
      "      - name: S",
    ].join("\n");
    const faults = faultsOf(text);
    expect(faults.map((fault) => fault.split(" ")[0])).toEqual([
      "2:5",
      "3:5",
      "4:5",
      "8:5",
      "9:5",
      "10:5",
      "12:5",
      "14:9",
    ]);
    expect(faults.join("\n")).toContain("apps[0].colour: there is no such field");
    expect(faults.join("\n")).toContain("topics[2].subscriptions[0].name: expected lower-case letters");
    expect(faults.join("\n")).toContain("topics[1].name: is missing");
  });

  it("reads how an app is asked, in its long and its short form", () => {
    const long = "apps:\n  - name: a\n    check: { afterSeconds: 5, factor: 1.5, maxAttempts: 3 }\n";
    expect(parseTopology(long).file!.apps).toMatchObject([
      { checkAfterSeconds: 5, check: { ...NO_CHECK_SETTINGS, factor: 1.5, maxAttempts: 3 } },
    ]);
    expect(parseTopology("apps:\n  - name: a\n    checkAfterSeconds: 5\n").file!.apps).toMatchObject([
      { checkAfterSeconds: 5, check: NO_CHECK_SETTINGS },
    ]);
    expect(
      faultsOf("apps:\n  - name: a\n    checkAfterSeconds: 5\n    check: { afterSeconds: 6 }\n"),
    ).toEqual(["3:5 apps[0].checkAfterSeconds: is the same as check.afterSeconds; leave one of them out"]);
    expect(faultsOf("apps:\n  - name: a\n    check: { factor: 0.5, jitter: 2, tries: 3 }\n")).toHaveLength(3);
  });

  it("reads subscriptions beneath their topic", () => {
    const text = (s: string) => `topics:\n  - name: t\n    partitions: 1\n    subscriptions:\n${s}`;
    expect(
      parseTopology(text("      - { name: s, retry: { maxAttempts: 3 } }\n")).file!.topics,
    ).toMatchObject([{ subscriptions: [{ name: "s", retry: { maxAttempts: 3 } }] }]);
    expect(faultsOf(text("      - name: s\n        ack: webhook\n      - name: s\n"))).toEqual([
      "5:9 topics[0].subscriptions[0].webhook: belongs to ack: webhook",
      "7:9 topics[0].subscriptions[1].name: 's' stands here a second time",
    ]);
  });

  it("refuses a name that stands twice", () => {
    expect(faultsOf("apps:\n  - name: a\n  - name: a\n")).toEqual([
      "3:5 apps[1].name: 'a' stands here a second time",
    ]);
  });

  it.each([
    ["", /empty/],
    ["apps: [", /^1:\d+ /],
    ["apps: []\napps: []\n", /^2:1 .*unique/],
    ["- a\n", /^1:1 /],
    ["apps: *nowhere\n", /alias|anchor/i],
    ["apps: []\n---\napps: []\n", /document/],
  ])("says what is wrong with %j", (text, expected) => {
    const faults = faultsOf(text);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(expected);
  });

  it("finds places through anchors", () => {
    const text = "apps:\n  - &one\n    name: BAD\ntopics:\n  - name: x\n    partitions: 1\n";
    expect(faultsOf(text)[0]).toMatch(/^3:5 apps\[0\]\.name/);
  });

  it("throws at no text whatever", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...Array.from("ab:-[]{}&*!|>#\n \t'\"")) })),
        (text) => {
          const parsed = parseTopology(text);
          expect(parsed.file === null).toBe(parsed.faults.length > 0);
        },
      ),
    );
  });

  it("reads back what YAML wrote", () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.record({ name, partitions: fc.integer({ min: 1, max: 10_000 }), masked: fc.boolean() }),
          {
            selector: (t) => t.name,
          },
        ),
        (topics) => {
          const { file } = parseTopology(stringify({ topics }));
          expect(file?.topics).toEqual(topics.map((topic) => ({ ...topic, subscriptions: [] })));
        },
      ),
    );
  });
});

import { parseArgs } from "node:util";
import { FAULTS, type FaultName } from "./faults.ts";
import { isClean } from "./judge.ts";
import { runChaos } from "./run-chaos.ts";

const { values } = parseArgs({
  options: {
    cluster: { type: "string", default: "single" },
    minutes: { type: "string", default: "10" },
    faults: { type: "string" },
    "without-marker": { type: "boolean", default: false },
    rate: { type: "string", default: "1500" },
    relays: { type: "string", default: "3" },
    log: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help || !["single", "three"].includes(values.cluster)) {
  console.log(`usage: npm run chaos -- [--cluster single|three] [--minutes N] [--faults ${FAULTS.join(",")}]
    [--rate messages/s] [--relays N] [--log file of the relays] [--without-marker]

Relays, an API and producers work while faults happen; then Kafka's own read_committed consumer says what arrived.
Ends with one line of JSON and exit code 0 if nothing was lost, doubled, out of order or seen though cancelled.`);
  process.exit(values.help ? 0 : 2);
}

const possible = FAULTS.filter((fault) => values.cluster === "three" || fault !== "leaders");
const faults = values.faults ? (values.faults.split(",") as FaultName[]) : possible;
const unknown = faults.filter((fault) => !FAULTS.includes(fault));
if (unknown.length > 0) {
  console.error(`there is no fault ${unknown.join(", ")}; there are ${FAULTS.join(", ")}`);
  process.exit(2);
}
const result = await runChaos({
  brokers: values.cluster === "three" ? 3 : 1,
  seconds: Number(values.minutes) * 60,
  faults,
  withoutMarker: values["without-marker"],
  relays: Number(values.relays),
  perSecond: Number(values.rate),
  logFile: values.log,
  onProgress: (text) => console.log(`${new Date().toISOString().slice(11, 19)}  ${text}`),
});
const rows = Object.entries({ ...result, faults: JSON.stringify(result.faults) });
console.log(`\n${rows.map(([name, value]) => `${name.padEnd(16)}${String(value)}`).join("\n")}\n`);
console.log(JSON.stringify({ chaos: values.cluster, withoutMarker: values["without-marker"], ...result }));
process.exit(isClean(result) && result.drained && result.relaysEnded === 0 ? 0 : 1);

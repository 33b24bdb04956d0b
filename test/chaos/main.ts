import { parseArgs } from "node:util";
import { FAULTS, type FaultName } from "./faults.ts";
import { isClean } from "./judge.ts";
import { runChaos } from "./run-chaos.ts";
import { runProducerKills } from "./run-producer-kills.ts";
import { isWhole, runWhole } from "./run-whole.ts";

const { values } = parseArgs({
  options: {
    scenario: { type: "string", default: "relay" },
    kills: { type: "string", default: "3000" },
    parallel: { type: "string", default: "2" },
    cluster: { type: "string", default: "single" },
    minutes: { type: "string", default: "10" },
    faults: { type: "string" },
    "without-marker": { type: "boolean", default: false },
    rate: { type: "string" },
    pace: { type: "string", default: "1" },
    relays: { type: "string", default: "3" },
    log: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
const known =
  ["single", "three"].includes(values.cluster) && ["relay", "producer", "whole"].includes(values.scenario);
if (values.help || !known) {
  console.log(`usage: npm run chaos -- [--scenario relay] [--cluster single|three] [--minutes N] [--faults ${FAULTS.join(",")}]
    [--rate messages/s] [--relays N] [--log file of the relays] [--without-marker]
       npm run chaos -- --scenario producer [--kills N] [--parallel N] [--log file of the relay]
       npm run chaos -- --scenario whole [--minutes N] [--rate messages/s] [--pace 0.25: faults four times as often]
    [--log file of the processes]

Relays, an API and producers work while faults happen; then Kafka's own read_committed consumer says what arrived.
Ends with one line of JSON and exit code 0 if nothing was lost, doubled, out of order or seen though cancelled.

With --scenario producer the producers are what is killed, at every step of their transactions; what arrived is compared
with their database.

With --scenario whole everything is killed, from the producers to the consumers and the webhook's receiver; beside what
arrived, what consumers have done is judged, and how often each delivery was attempted.`);
  process.exit(values.help ? 0 : 2);
}

const onProgress = (text: string) => console.log(`${new Date().toISOString().slice(11, 19)}  ${text}`);
if (values.scenario === "producer") {
  const result = await runProducerKills({
    kills: Number(values.kills),
    parallel: Number(values.parallel),
    logFile: values.log,
    onProgress,
  });
  console.log(JSON.stringify({ chaos: "producer", ...result }));
  const { lost, phantom, doubled, troubled } = result;
  process.exit(lost + phantom + doubled + troubled === 0 ? 0 : 1);
}

if (values.scenario === "whole") {
  const result = await runWhole({
    seconds: Number(values.minutes) * 60,
    pace: Number(values.pace),
    // What two cores can do beside so many deaths: consumers have to keep up.
    perSecond: Number(values.rate ?? 30),
    patienceMs: 300_000,
    logFile: values.log,
    onProgress,
  });
  print(result);
  console.log(JSON.stringify({ chaos: "whole", ...result }));
  process.exit(isWhole(result) ? 0 : 1);
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
  perSecond: Number(values.rate ?? 1500),
  logFile: values.log,
  onProgress,
});
print(result);
console.log(JSON.stringify({ chaos: values.cluster, withoutMarker: values["without-marker"], ...result }));
process.exit(isClean(result) && result.drained && result.relaysEnded === 0 ? 0 : 1);

function print(result: object): void {
  const rows = Object.entries(result).map(
    ([name, value]: [string, unknown]) => `${name.padEnd(20)}${JSON.stringify(value)}`,
  );
  console.log(`\n${rows.join("\n")}\n`);
}

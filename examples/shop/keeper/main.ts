import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pause } from "../shared/retry.ts";
import { say } from "../shared/service.ts";
import { numberSetting } from "../shared/settings.ts";

// Runs the order service and starts it again when it was killed, as systemd or Kubernetes would: at once as a rule, and
// every fourth time late, so that check-backs come while nobody answers. Ends with the service when that ends by itself.

const SERVICE = join(import.meta.dirname, "orders.mjs");
const mishapSeconds = numberSetting("SHOP_MISHAP_SECONDS", 40);

const stop = new AbortController();
let service: ChildProcess | undefined;
for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.on(signal, () => {
    stop.abort();
    service?.kill("SIGTERM");
  });

for (let deaths = 1; !stop.signal.aborted; deaths++) {
  // The channel that comes with a fork ends with this process, and the service with the channel.
  service = fork(SERVICE, { env: { ...process.env, SHOP_MISHAP_SECONDS: String(mishapSeconds) } });
  const [code, signal] = (await once(service, "exit")) as [number | null, NodeJS.Signals | null];
  // Asked to stop while it was still starting, it did not know the signal yet.
  if (signal === "SIGTERM" && stop.signal.aborted) break;
  if (signal !== "SIGKILL") process.exit(code ?? 1);
  const seconds = deaths % 4 === 0 ? mishapSeconds / 2 : mishapSeconds / 20;
  say("keeper", "the order service was killed", { startedAgainInSeconds: seconds });
  await pause(seconds * 1000, stop.signal);
}
process.exit(0);

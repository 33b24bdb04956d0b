import { collectDefaultMetrics, Registry } from "prom-client";

/** A registry of its own for each process: no global state that two workers in one process would share. */
export function createMetrics(kind: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ process: kind });
  collectDefaultMetrics({ register: registry, prefix: "surelay_" });
  return registry;
}

import type { SourceAddresses } from "../../config/source-addresses.ts";
import type { OutboxSourceSpec } from "../../domain/outbox-source.ts";
import type { Log } from "../../log.ts";
import { openTable } from "../../sources/open-table.ts";
import { type SourceFaultCode, toSourceFault } from "../../sources/source-fault.ts";

/**
 * `ok`: the table is there, has its columns, may be read and deleted from. `fault` with `unset`: the variable is not set in
 * this process, which need not be a fault: only the collector must know it.
 */
export type ConnectionTest =
  | { kind: "ok"; place: string; found: string; waiting: number; ms: number }
  | { kind: "fault"; code: SourceFaultCode; detail: string; ms: number };

/** Most rows that a test counts. */
const COUNTED = 10_001;
const DEADLINE_MS = 10_000;

/** Looks at a source as its collector would, from this process, and changes nothing. Never throws. */
export async function testConnection(
  spec: OutboxSourceSpec,
  addresses: SourceAddresses,
  log: Log,
): Promise<ConnectionTest> {
  const start = performance.now();
  const ms = () => Math.round(performance.now() - start);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("timeout: no answer within 10 seconds")), DEADLINE_MS);
  });
  try {
    const table = openTable(spec, addresses.get(spec.connection), log);
    try {
      const found = await Promise.race([table.inspect(), late]);
      const { waiting } = await Promise.race([table.look(COUNTED), late]);
      return { kind: "ok", place: table.place, found, waiting, ms: ms() };
    } finally {
      void table.close().catch(() => undefined);
    }
  } catch (error) {
    const fault = toSourceFault(error, spec.name);
    return { kind: "fault", code: fault.code, detail: fault.message, ms: ms() };
  } finally {
    clearTimeout(timer);
  }
}

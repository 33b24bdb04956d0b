import {
  type Icon,
  IconCircleCheck,
  IconClockExclamation,
  IconHeartOff,
  IconLoader,
  IconMoon,
  IconPlayerStop,
} from "@tabler/icons-react";
import type { Tone } from "../../../_ui/status-badge.tsx";
import type { Instance } from "./board.ts";

/** What a process's badge says: by its heartbeats first, then by what it says it does, then by what it was asked for. */
export type InstanceLook =
  | "running"
  | "late"
  | "dead"
  | "stopped"
  | "stopping"
  | "quiet"
  | "askedRun"
  | "askedQuiet"
  | "askedStop";

const ASKED = { run: "askedRun", quiet: "askedQuiet", stop: "askedStop" } as const;

export function lookOf(instance: Instance): InstanceLook {
  if (instance.heartbeat !== "alive") return instance.heartbeat;
  if (instance.mode === "stopping") return "stopping";
  if (instance.pending !== null) return ASKED[instance.pending];
  return instance.mode === "quiet" ? "quiet" : "running";
}

export const INSTANCE_LOOKS: Record<InstanceLook, { tone: Tone; icon: Icon }> = {
  running: { tone: "ok", icon: IconCircleCheck },
  late: { tone: "warn", icon: IconClockExclamation },
  dead: { tone: "bad", icon: IconHeartOff },
  stopped: { tone: "idle", icon: IconPlayerStop },
  stopping: { tone: "info", icon: IconLoader },
  quiet: { tone: "idle", icon: IconMoon },
  askedRun: { tone: "info", icon: IconLoader },
  askedQuiet: { tone: "info", icon: IconLoader },
  askedStop: { tone: "info", icon: IconLoader },
};

import {
  type Icon,
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconHourglass,
  IconHourglassOff,
  IconPlayerPause,
  IconSend,
} from "@tabler/icons-react";
import type { Tone } from "../../../_ui/status-badge.tsx";
import type { BoardLane } from "./board.ts";

/** What a lane's badge says: how it stands, and of one that works whether anything waits. */
export type LaneLook = Exclude<BoardLane["standing"], "working"> | "sending" | "clear";

export function lookOf(lane: BoardLane): LaneLook {
  if (lane.standing !== "working") return lane.standing;
  return lane.waiting > 0 || lane.work?.inHand ? "sending" : "clear";
}

export const LANE_LOOKS: Record<LaneLook, { tone: Tone; icon: Icon }> = {
  clear: { tone: "ok", icon: IconCircleCheck },
  sending: { tone: "ok", icon: IconSend },
  pausing: { tone: "info", icon: IconPlayerPause },
  paused: { tone: "idle", icon: IconPlayerPause },
  fault: { tone: "bad", icon: IconAlertTriangle },
  expired: { tone: "bad", icon: IconHourglassOff },
  orphaned: { tone: "warn", icon: IconHourglass },
  free: { tone: "bad", icon: IconCircleDashed },
};

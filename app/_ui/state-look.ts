import {
  type Icon,
  IconAlertTriangle,
  IconBan,
  IconCalendarClock,
  IconChecks,
  IconHelpCircle,
  IconHourglass,
  IconPlayerPlay,
  IconSend,
} from "@tabler/icons-react";
import type { MessageState } from "@/server/domain/message-state.ts";

/** One hue and one icon per state, everywhere. Hue alone never tells a state: the icon and the word stand beside it. */
export const STATE_LOOK: Record<MessageState, { hue: string; icon: Icon }> = {
  PREPARED: { hue: "blue", icon: IconHourglass },
  UNDECIDED: { hue: "orange", icon: IconHelpCircle },
  SCHEDULED: { hue: "violet", icon: IconCalendarClock },
  READY: { hue: "cyan", icon: IconPlayerPlay },
  SENT: { hue: "teal", icon: IconSend },
  CONSUMED: { hue: "green", icon: IconChecks },
  CANCELLED: { hue: "gray", icon: IconBan },
  REJECTED: { hue: "red", icon: IconAlertTriangle },
};

/** CSS variables `--state-<STATE>-ink` and `-fill`, at least 4.5 to 1 in either scheme. */
export function stateVariables(scheme: "light" | "dark"): Record<string, string> {
  return Object.fromEntries(
    Object.entries(STATE_LOOK).flatMap(([state, { hue }]) => [
      [`--state-${state}-ink`, scheme === "light" ? deep(hue) : `var(--mantine-color-${hue}-1)`],
      [`--state-${state}-fill`, scheme === "light" ? `var(--mantine-color-${hue}-1)` : dim(hue)],
    ]),
  );
}

/** What a status says, whatever it is the status of. */
const TONE_HUES = { ok: "green", warn: "orange", bad: "red", idle: "gray", info: "lake" } as const;

/** CSS variables `--tone-<tone>-ink` and `-fill`, at least 4.5 to 1 in either scheme. */
export function toneVariables(scheme: "light" | "dark"): Record<string, string> {
  return Object.fromEntries(
    Object.entries(TONE_HUES).flatMap(([tone, hue]) => [
      [`--tone-${tone}-ink`, scheme === "light" ? deep(hue) : `var(--mantine-color-${hue}-1)`],
      [`--tone-${tone}-fill`, scheme === "light" ? `var(--mantine-color-${hue}-1)` : dim(hue)],
    ]),
  );
}

const deep = (hue: string) => `color-mix(in srgb, var(--mantine-color-${hue}-9) 65%, black)`;
const dim = (hue: string) => `color-mix(in srgb, var(--mantine-color-${hue}-9) 45%, black)`;

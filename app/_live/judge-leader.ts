/** A leader that is silent for longer is taken to be frozen or gone, ms. It speaks at least every `BEAT_MS`. */
export const LEADER_SILENCE_MS = 12_000;
export const BEAT_MS = 4000;

export interface LeaderSigns {
  /** When the leader last spoke, ms of this browser's clock. */
  heardAt: number;
  now: number;
  /** This tab is not looked at: it can wait, and its own timers may be slow. */
  hidden: boolean;
  /** Drawn once per tab, 0 to 1: not all followers take over in the same moment. */
  patience: number;
}

/**
 * Whether a follower takes the stream over by force. A lock passes on by itself when its tab is closed; only one that is
 * frozen, or stopped in a debugger, keeps it without doing anything. Pure.
 */
export function shouldTakeOver({ heardAt, now, hidden, patience }: LeaderSigns): boolean {
  return !hidden && now - heardAt > LEADER_SILENCE_MS * (1 + patience / 2);
}

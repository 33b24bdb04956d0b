import { BEAT_MS, shouldTakeOver } from "./judge-leader.ts";
import { type LiveSignal, readSignal } from "./live-signal.ts";
import type { OpenStream } from "./open-stream.ts";

/** The number goes up with every change of what tabs tell each other: an old tab and a new one do not share. */
const NAME = "surelay.live.1";
const WATCH_MS = 1000;

/** `leader`: this tab holds the stream for all; `follower`: another does; `alone`: this browser cannot share. */
export type StreamRole = "leader" | "follower" | "alone";

interface Share {
  open: OpenStream;
  /** What the stream says, whoever holds it. */
  onSignal: (signal: LiveSignal) => void;
  onRole: (role: StreamRole) => void;
}

/**
 * Follows the one event stream that all tabs of this browser share: HTTP/1.1 gives an origin six connections, and a
 * stream per tab would leave none for calls. The tab that holds a lock opens the stream and passes on what it hears; the
 * lock goes to the next tab when that one is closed or frozen by the browser, and is taken from it when it falls silent.
 * A browser without locks or channels (or a page on plain HTTP, which has no locks) gets a stream per tab.
 * @returns ends it
 */
export function shareStream(share: Share): () => void {
  if (!("locks" in navigator) || typeof BroadcastChannel === "undefined") {
    share.onRole("alone");
    return share.open(null, share.onSignal);
  }
  const member = new Member(share, navigator.locks, new BroadcastChannel(NAME));
  return () => member.stop();
}

class Member {
  readonly #share: Share;
  readonly #locks: LockManager;
  readonly #channel: BroadcastChannel;
  readonly #patience = Math.random();
  readonly #watch = setInterval(() => this.#look(), WATCH_MS);
  readonly #stopped = new AbortController();
  /** Ends the present wait for the lock, or the present lead. */
  #turn = new AbortController();
  #steal = false;
  #leading = false;
  #heardAt = Date.now();
  #last: Extract<LiveSignal, { type: "notice" }> | null = null;
  #connected = false;

  constructor(share: Share, locks: LockManager, channel: BroadcastChannel) {
    this.#share = share;
    this.#locks = locks;
    this.#channel = channel;
    channel.addEventListener("message", (event: MessageEvent<unknown>) => this.#hear(event.data));
    const { signal } = this.#stopped;
    document.addEventListener("freeze", () => this.#turn.abort(), { signal });
    this.#say({ type: "ask" });
    void this.#takePart();
  }

  stop(): void {
    this.#stopped.abort();
    this.#turn.abort();
    clearInterval(this.#watch);
    this.#channel.close();
  }

  /** Waits for the lock, leads while holding it, and waits again after losing it, until stopped. */
  async #takePart(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const turn = (this.#turn = new AbortController());
      const options = this.#steal ? { steal: true } : { signal: turn.signal };
      this.#steal = false;
      this.#share.onRole("follower");
      try {
        await this.#locks.request(NAME, options, () => this.#lead(turn));
      } catch {
        // The wait was ended on purpose, or the lock was taken from this tab: either way another turn begins.
      }
      turn.abort();
    }
  }

  /** Holds the stream until the turn ends. */
  async #lead(turn: AbortController): Promise<void> {
    if (turn.signal.aborted) return;
    this.#leading = true;
    this.#share.onRole("leader");
    const close = this.#share.open(this.#last?.eventId ?? null, (signal) => {
      if (turn.signal.aborted) return;
      if (signal.type === "notice") this.#last = signal;
      if (signal.type === "connection") this.#connected = signal.connected;
      this.#share.onSignal(signal);
      this.#say(signal);
    });
    const beat = setInterval(() => this.#say({ type: "connection", connected: this.#connected }), BEAT_MS);
    await new Promise<void>((resolve) =>
      turn.signal.addEventListener("abort", () => resolve(), { once: true }),
    );
    clearInterval(beat);
    close();
    this.#leading = false;
    this.#heardAt = Date.now();
  }

  #hear(data: unknown): void {
    const signal = readSignal(data);
    if (signal === null) return;
    if (signal.type === "ask") {
      if (!this.#leading) return;
      if (this.#last !== null) this.#say(this.#last);
      this.#say({ type: "connection", connected: this.#connected });
      return;
    }
    if (this.#leading) return;
    this.#heardAt = Date.now();
    if (signal.type === "notice") this.#last = signal;
    this.#share.onSignal(signal);
  }

  #look(): void {
    if (this.#leading) return;
    const signs = {
      heardAt: this.#heardAt,
      now: Date.now(),
      hidden: document.hidden,
      patience: this.#patience,
    };
    if (!shouldTakeOver(signs)) return;
    this.#heardAt = Date.now();
    this.#steal = true;
    this.#turn.abort();
  }

  #say(signal: LiveSignal): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no target: it is same-origin
    if (!this.#stopped.signal.aborted) this.#channel.postMessage(signal);
  }
}

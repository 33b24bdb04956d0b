import { setMaxListeners } from "node:events";
import type { ReceivedMessage } from "./message.ts";
import { OffsetWindow } from "./offset-window.ts";

/** Records from the first that is not settled on, for each that may be unsettled. */
const HELD_PER_PENDING = 10;

/** One partition as long as this process has it: what was taken from it, and in which order keys go on. */
export class Partition {
  readonly topic: string;
  readonly number: number;
  readonly window: OffsetWindow;
  /** Records below were in a dead process's reach: each may be what ended it. */
  readonly suspectBelow: number;
  /** Up to where it is written down that we may have got. */
  reach = 0;
  /** While more of it is being written down. */
  marking: Promise<void> | undefined;
  committed: number;
  paused = false;
  /** The latest work of each key that is not through. */
  readonly #tails = new Map<string, Promise<void>>();
  readonly #halted = new AbortController();
  readonly #lost = new AbortController();

  constructor(place: { topic: string; partition: number }, start: number, suspectBelow: number) {
    this.topic = place.topic;
    this.number = place.partition;
    this.window = new OffsetWindow(start);
    this.committed = start;
    this.suspectBelow = suspectBelow;
    setMaxListeners(0, this.#halted.signal, this.#lost.signal);
  }

  /** Aborted once nothing more is to be begun. */
  get halted(): AbortSignal {
    return this.#halted.signal;
  }

  /** Aborted once what runs is in vain, or has no time left. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  halt(): void {
    this.#halted.abort();
  }

  lose(): void {
    this.halt();
    this.#lost.abort();
  }

  /**
   * Nothing more is to be taken of it. Not only for what is unsettled: behind one record that never ends, others would be
   * settled without end, all to be kept in memory and to be read again after a rebalance.
   */
  isFull(maxPending: number): boolean {
    const { unsettled, held } = this.window;
    return unsettled >= maxPending || held >= HELD_PER_PENDING * maxPending;
  }

  /** It goes on when half of what is unsettled is through. */
  hasRoom(maxPending: number): boolean {
    return this.window.unsettled <= maxPending / 2 && !this.isFull(maxPending);
  }

  /** Runs `work` after what runs for the same key; messages without a key wait for nobody. */
  enqueue(message: ReceivedMessage, work: () => Promise<void>): Promise<void> {
    const { key } = message;
    if (key === null) return work();
    const before = this.#tails.get(key);
    const mine = before ? before.then(work) : work();
    this.#tails.set(key, mine);
    const forget = () => {
      if (this.#tails.get(key) === mine) this.#tails.delete(key);
    };
    void mine.then(forget, forget);
    return mine;
  }
}

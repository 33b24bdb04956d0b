import { randomUUID } from "node:crypto";
import type { Inbox } from "./inbox.ts";

interface Place {
  topic: string;
  partition: number;
}

/**
 * How a process's death is seen. Each consumer writes down, ahead, up to which offset of a partition it may get, and takes
 * its marks away when it leaves in peace. A mark that another consumer left standing says: below, each record may be what
 * ended it. A mark costs one statement per 128 records; a row per start would cost one per message.
 */
export class ReachMarks<Tx> {
  readonly #inbox: Inbox<Tx>;
  readonly #subscription: string;
  readonly #process = randomUUID();
  /** Which forming of the group this is: marks of earlier ones are taken away when a new one has begun. */
  #generation = 0;

  constructor(inbox: Inbox<Tx>, subscription: string) {
    this.#inbox = inbox;
    this.#subscription = subscription;
  }

  get generation(): number {
    return this.#generation;
  }

  /** The group was formed anew. @returns the generation before */
  next(): number {
    return this.#generation++;
  }

  /** Below which offset records are suspect; 0: none are. Our own marks are none: we live. */
  async readSuspects({ topic, partition }: Place): Promise<number> {
    const mark = await this.#inbox.readReach({ subscription: this.#subscription, topic, partition });
    return mark && !mark.owner.startsWith(this.#process) ? mark.reach : 0;
  }

  async write({ topic, partition }: Place, reach: number): Promise<void> {
    const owner = this.#owner(this.#generation);
    await this.#inbox.writeReach({ subscription: this.#subscription, topic, partition }, { reach, owner });
  }

  /** Takes our marks of a generation away, so far as no other consumer has written its own in their place. */
  async release(generation: number): Promise<void> {
    await this.#inbox.releaseReach(this.#subscription, this.#owner(generation));
  }

  #owner(generation: number): string {
    return `${this.#process}:${generation}`;
  }
}

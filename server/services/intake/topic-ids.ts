import type { Queryable } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { findTopic } from "../../store/topics.ts";

/**
 * Ids of declared topics. A topic is never undeclared and its id never changes, so what was found is kept; what was not
 * found is asked again every time, so that a topic just declared works at once. Calls for one name share the question.
 */
export class TopicIds {
  readonly #db: Queryable;
  readonly #known = new Map<string, number>();
  readonly #asking = new Map<string, Promise<number | null>>();

  constructor(db: Queryable) {
    this.#db = db;
  }

  /** The id if it is known already. */
  peek(name: string): number | undefined {
    return this.#known.get(name);
  }

  /** @returns null: nobody declared such a topic. @throws SurelayError `unavailable` */
  async find(name: string): Promise<number | null> {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    // No topic can have such a name, and some of them PostgreSQL would not even take as text.
    if (!/^[A-Za-z0-9._-]{1,249}$/.test(name)) return null;
    let asking = this.#asking.get(name);
    if (!asking) {
      asking = this.#ask(name).finally(() => this.#asking.delete(name));
      this.#asking.set(name, asking);
    }
    return asking;
  }

  async #ask(name: string): Promise<number | null> {
    try {
      const topic = await findTopic(this.#db, name);
      if (topic) this.#known.set(name, topic.id);
      return topic?.id ?? null;
    } catch (cause) {
      throw new SurelayError("unavailable", "The store cannot be reached. Nothing was stored; try again.", {
        retryAfterSeconds: 1,
        cause,
      });
    }
  }
}

export function unknownTopic(name: string, messageId: string | null): SurelayError {
  return new SurelayError(
    "validation_failed",
    `There is no topic ${JSON.stringify(name)}. Declare it in the topology file and run \`surelay apply\`.`,
    messageId === null ? {} : { messageId },
  );
}

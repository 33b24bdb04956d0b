import type { Queryable } from "../../server/db.ts";
import { listApps } from "../../server/store/apps.ts";
import { listAllTopics } from "../../server/store/topics.ts";

/** Names of apps and topics by id. Names never change, so only an id that is not known yet is a reason to look again. */
export class Directory {
  readonly #db: Queryable;
  #apps = new Map<number, string>();
  #topics = new Map<number, string>();

  constructor(db: Queryable) {
    this.#db = db;
  }

  /** After it, `app` and `topic` know these ids. @throws Error if one of them does not exist */
  async learn(ids: Iterable<{ appId: number; topicId: number; mainTopicId: number }>): Promise<void> {
    for (const { appId, topicId, mainTopicId } of ids) {
      if (this.#apps.has(appId) && this.#topics.has(topicId) && this.#topics.has(mainTopicId)) continue;
      const [apps, topics] = await Promise.all([listApps(this.#db), listAllTopics(this.#db)]);
      this.#apps = new Map(apps.map((a) => [a.id, a.name]));
      this.#topics = new Map(topics.map((t) => [t.id, t.name]));
      if (!this.#apps.has(appId) || !this.#topics.has(topicId))
        throw new Error(`a message names app ${appId} and topic ${topicId}, which the store does not have`);
    }
  }

  app(id: number): string {
    return this.#apps.get(id)!;
  }

  topic(id: number): string {
    return this.#topics.get(id)!;
  }

  async topicName(id: number): Promise<string> {
    if (!this.#topics.has(id))
      this.#topics = new Map((await listAllTopics(this.#db)).map((t) => [t.id, t.name]));
    const name = this.#topics.get(id);
    if (name === undefined) throw new Error(`the store has no topic ${id}`);
    return name;
  }
}

/** Parts of a request by topic, as the protocol nests them; topics and parts keep the order they came in. */
export function groupByTopic<T extends { topic: string }>(parts: readonly T[]): Map<string, T[]> {
  const topics = new Map<string, T[]>();
  for (const part of parts) {
    const of = topics.get(part.topic);
    if (of) of.push(part);
    else topics.set(part.topic, [part]);
  }
  return topics;
}

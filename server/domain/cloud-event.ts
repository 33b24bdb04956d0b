/** What a message is as an event: CloudEvents 1.0. */
export interface EventMessage {
  id: string;
  type: string | null;
  businessKey: string | null;
  storedAt: Date;
  contentType: string;
  /** The message's own. */
  headers: Readonly<Record<string, string>> | null;
  traceparent: string | null;
}

/**
 * The attributes of a message's event, without the prefix of a binding (`ce_` in Kafka, `ce-` in HTTP). Pure.
 *
 * @param names of the message's app and topic
 */
export function eventAttributes(
  message: EventMessage,
  names: { app: string; topic: string },
): [string, string][] {
  const attributes: [string, string][] = [
    ["specversion", "1.0"],
    ["id", message.id],
    ["source", names.app],
    ["type", message.type ?? names.topic],
  ];
  if (message.businessKey !== null) attributes.push(["subject", message.businessKey]);
  attributes.push(["time", message.storedAt.toISOString()]);
  return attributes;
}

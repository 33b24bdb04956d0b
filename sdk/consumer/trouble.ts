/**
 * What goes wrong beside the messages themselves. Nothing is lost by any of these; log them, and count them per `kind`.
 *
 * | kind | meaning | what happens |
 * | --- | --- | --- |
 * | `database` | no transaction could be begun or committed | the message is tried again until it can; no attempt is spent |
 * | `broker` | the connection to Kafka ended, or a topic is missing | the consumer begins anew every second |
 * | `acknowledgement` | the service cannot be told, or refuses this consumer | told again until it takes it; offsets wait |
 * | `not_taken` | the service knows no such message, or never sent it | the acknowledgement is dropped; the message is done here |
 * | `foreign` | a record without a message id | skipped: it is none of Surelay's |
 * | `failed` | a handler failed and is tried again in place (`ordered`, `ack: "offset"`) | the key waits |
 * | `poison` | a message ended the process as often as `maxStarts` | it is rejected |
 * | `upkeep` | the inbox could not be pruned, or must not: the options do not go with the subscription any more, as when its schedule is longer by now than `retentionDays` | tried again an hour later |
 */
export type TroubleKind =
  | "database"
  | "broker"
  | "acknowledgement"
  | "not_taken"
  | "foreign"
  | "failed"
  | "poison"
  | "upkeep";

export interface Trouble {
  kind: TroubleKind;
  error: unknown;
  messageId?: string;
  /** topic/partition/offset */
  place?: string;
}

/** Must not throw; what it throws is swallowed, and so is what its promise rejects with. */
export type OnTrouble = (trouble: Trouble) => unknown;

/** @returns a teller that never throws */
export function quietly(onTrouble: OnTrouble | undefined): OnTrouble {
  return (trouble) => {
    // Somebody's logging must not stop a partition, and a promise that nobody looks at ends the process.
    void new Promise((told) => told(onTrouble?.(trouble))).catch(() => undefined);
  };
}

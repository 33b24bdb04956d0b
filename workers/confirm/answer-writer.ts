import type { Queryable } from "../../server/db.ts";
import type { CheckDecision } from "../../server/domain/decide-check.ts";
import type { Log } from "../../server/log.ts";
import {
  askLater,
  cancelChecked,
  type CheckAnswer,
  confirmChecked,
  giveUpChecked,
} from "../../server/store/apply-checks.ts";
import { type CheckClaim, putBackChecks } from "../../server/store/claim-checks.ts";
import { readStates } from "../../server/store/find-messages.ts";
import { againAsVictim, BatchWriter } from "../runtime/batch-writer.ts";
import type { ConfirmMetrics } from "./confirm-metrics.ts";

/** What became of a claim. */
export interface Verdict {
  claim: CheckClaim;
  decision: CheckDecision;
  /** Null: nothing was sent. */
  answer: Omit<CheckAnswer, "claim" | "ageMs"> | null;
  /** By `performance.now()`: when it was sent. */
  sentAt: number;
}

type Kind = CheckDecision["kind"];
const KINDS = ["confirm", "cancel", "ask_later", "give_up", "put_back"] as const satisfies readonly Kind[];

/** Writes verdicts down in batches. */
export class AnswerWriter extends BatchWriter<Verdict> {
  readonly #hot: Queryable;
  readonly #log: Log;
  readonly #metrics: ConfirmMetrics;

  constructor(options: { hot: Queryable; log: Log; metrics: ConfirmMetrics }) {
    super();
    this.#hot = options.hot;
    this.#log = options.log;
    this.#metrics = options.metrics;
  }

  protected async write(batch: readonly Verdict[]): Promise<void> {
    const of = (kind: Kind) => batch.filter((v) => v.decision.kind === kind);
    await Promise.all(KINDS.map((kind) => this.#write(kind, of(kind))));
  }

  /**
   * Never throws. What cannot be written is left to the lease: once it ends the message is asked about again. That is also
   * why a statement whose outcome is unknown is not repeated: it may have counted its checks already.
   */
  async #write(kind: Kind, verdicts: readonly Verdict[]): Promise<void> {
    if (verdicts.length === 0) return;
    try {
      const moved = await againAsVictim(() => this.#metrics.timeWrite(() => this.#run(kind, verdicts)));
      this.#metrics.effects.inc({ effect: kind }, moved.size);
      const late = verdicts.filter(({ claim }) => !moved.has(claim.id));
      if (late.length > 0) await this.#tellLate(late);
    } catch (err) {
      this.#metrics.unwritten.inc(verdicts.length);
      this.#log.warn(
        { err, kind, answers: verdicts.length },
        "answers could not be written down: these messages are asked about again when their leases end",
      );
    }
  }

  #run(kind: Kind, verdicts: readonly Verdict[]): Promise<Set<string>> {
    const now = performance.now();
    const answers = verdicts.map((v) => ({
      ...v.answer!,
      claim: v.claim,
      ageMs: now - v.sentAt,
      delayMs: "delayMs" in v.decision ? v.decision.delayMs : 0,
      reason: "reason" in v.decision ? v.decision.reason : "",
    }));
    switch (kind) {
      case "confirm":
        return confirmChecked(this.#hot, answers);
      case "cancel":
        return cancelChecked(this.#hot, answers);
      case "give_up":
        return giveUpChecked(this.#hot, answers);
      case "ask_later":
        return askLater(this.#hot, answers);
      case "put_back":
        return putBackChecks(
          this.#hot,
          verdicts.map((v) => v.claim),
          answers[0]!.delayMs,
        );
    }
  }

  /** The loser of a race is told what stands instead. */
  async #tellLate(late: readonly Verdict[]): Promise<void> {
    const sent = late.filter((v) => v.answer !== null);
    this.#metrics.effects.inc({ effect: "too_late" }, sent.length);
    if (sent.length === 0) return;
    const states = await readStates(
      this.#hot,
      sent.map(({ claim }) => claim),
    ).catch(() => new Map<string, never>());
    for (const { claim, decision } of sent)
      this.#log.info(
        { messageId: claim.id, answer: decision.kind, state: states.get(claim.id) ?? "unknown" },
        "an answer came too late and changed nothing: the message was decided, or is asked about anew",
      );
  }
}

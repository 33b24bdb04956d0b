import { setTimeout as wait } from "node:timers/promises";
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

/** Most answers of one statement. */
const BATCH = 500;
/** Fewer than that wait a moment for company: a statement per answer would cost several times as much. */
const FEW = 64;
const GATHER_MS = 5;
/** A victim of a deadlock between two batches begins again. */
const TRIES = 4;

type Kind = CheckDecision["kind"];
const KINDS = ["confirm", "cancel", "ask_later", "give_up", "put_back"] as const satisfies readonly Kind[];

/** Writes verdicts down in batches, one batch at a time. */
export class AnswerWriter {
  readonly #hot: Queryable;
  readonly #log: Log;
  readonly #metrics: ConfirmMetrics;
  #verdicts: Verdict[] = [];
  #writing: Promise<void> | undefined;
  #inHand = 0;

  constructor(options: { hot: Queryable; log: Log; metrics: ConfirmMetrics }) {
    this.#hot = options.hot;
    this.#log = options.log;
    this.#metrics = options.metrics;
  }

  /** Verdicts that are not written down yet. */
  get pending(): number {
    return this.#verdicts.length + this.#inHand;
  }

  add(verdict: Verdict): void {
    this.#verdicts.push(verdict);
    this.#writing ??= this.#writeAll().finally(() => (this.#writing = undefined));
  }

  /** Resolves once everything that was added is written down, or lost. */
  async whenIdle(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#verdicts.length > 0) {
      if (this.#verdicts.length < FEW) await wait(GATHER_MS);
      const batch = this.#verdicts.splice(0, BATCH);
      this.#inHand = batch.length;
      await Promise.all(
        KINDS.map((kind) =>
          this.#write(
            kind,
            batch.filter((v) => v.decision.kind === kind),
          ),
        ),
      );
      this.#inHand = 0;
    }
  }

  /**
   * Never throws. What cannot be written is left to the lease: once it ends the message is asked about again. That is also
   * why a statement whose outcome is unknown is not repeated: it may have counted its checks already.
   */
  async #write(kind: Kind, verdicts: readonly Verdict[]): Promise<void> {
    if (verdicts.length === 0) return;
    for (let tries = 1; ; tries++) {
      try {
        const moved = await this.#metrics.timeWrite(() => this.#run(kind, verdicts));
        this.#metrics.effects.inc({ effect: kind }, moved.size);
        const late = verdicts.filter(({ claim }) => !moved.has(claim.id));
        if (late.length > 0) await this.#tellLate(late);
        return;
      } catch (err) {
        if (isVictim(err) && tries < TRIES) continue;
        this.#metrics.unwritten.inc(verdicts.length);
        this.#log.warn(
          { err, kind, answers: verdicts.length },
          "answers could not be written down: these messages are asked about again when their leases end",
        );
        return;
      }
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

/** Deadlock victim, serialisation failure: the statement certainly did nothing. */
function isVictim(error: unknown): boolean {
  return ["40P01", "40001"].includes(String((error as { code?: unknown } | null)?.code));
}

import type { GuardedAgents } from "../../outbound/guarded-agent.ts";

/** What the console asks producers with. */
export interface ConsoleOutbound {
  /** SURELAY_SIGNING_SECRET; undefined: this console was started without, and can neither show secrets nor test URLs. */
  master: string | undefined;
  agents: GuardedAgents;
  /** SURELAY_CHECK_AFTER_SECONDS: the first delay of apps that declare none. */
  afterSeconds: number;
}

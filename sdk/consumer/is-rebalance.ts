const REBALANCE = new Set<unknown>(["REBALANCE_IN_PROGRESS", "ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID"]);

/** Whether the broker refused it because the group is formed anew. kafkajs wraps its answer: the causes count. */
export function isRebalance(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++)
    if (REBALANCE.has((at as { type?: unknown }).type)) return true;
  return false;
}

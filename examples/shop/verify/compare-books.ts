export interface Comparison {
  orders: number;
  waybills: number;
  /** Committed and not shipped. While the shop runs these may be on their way, or wait for a check-back. */
  lost: string[];
  /** Shipped more than once. */
  doubled: string[];
  /** Shipped without an order: what was rolled back must never be seen. */
  phantom: string[];
}

/**
 * Compares the orders that were committed with the waybills that were written, both by order number. Orders that were
 * rolled back have left no row. Pure.
 */
export function compareBooks(orders: readonly string[], waybills: readonly string[]): Comparison {
  const shipped = new Map<string, number>();
  for (const order of waybills) shipped.set(order, (shipped.get(order) ?? 0) + 1);
  const known = new Set(orders);
  return {
    orders: orders.length,
    waybills: waybills.length,
    lost: orders.filter((number) => !shipped.has(number)),
    doubled: [...shipped].filter(([, times]) => times > 1).map(([number]) => number),
    phantom: [...shipped.keys()].filter((number) => !known.has(number)),
  };
}

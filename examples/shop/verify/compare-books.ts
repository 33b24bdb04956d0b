/** An order as the order service knows it. Orders that were rolled back have left no row. */
export interface OrderEntry {
  number: string;
  confirmed: boolean;
  /** Its confirm was held back on purpose. */
  withheld: boolean;
}

export interface Comparison {
  orders: number;
  waybills: number;
  /** Confirmed and not shipped. While the shop runs these may be on their way. */
  lost: string[];
  /** Shipped more than once. */
  doubled: string[];
  /** Shipped without an order: what was rolled back must never be seen. */
  phantom: string[];
  /** Committed, their confirm not through yet. */
  unconfirmed: string[];
  /** Their confirm is held back and nothing has settled them yet: delivered once check-backs ask for them. */
  withheld: string[];
}

/** Compares the orders that were committed with the waybills that were written. Pure. */
export function compareBooks(orders: readonly OrderEntry[], waybills: readonly string[]): Comparison {
  const shipped = new Map<string, number>();
  for (const order of waybills) shipped.set(order, (shipped.get(order) ?? 0) + 1);
  const known = new Set(orders.map((order) => order.number));
  const unshipped = orders.filter((order) => !shipped.has(order.number));
  const numbers = (entries: readonly OrderEntry[]) => entries.map((entry) => entry.number);
  return {
    orders: orders.length,
    waybills: waybills.length,
    lost: numbers(unshipped.filter((order) => order.confirmed)),
    doubled: [...shipped].filter(([, times]) => times > 1).map(([number]) => number),
    phantom: [...shipped.keys()].filter((number) => !known.has(number)),
    unconfirmed: numbers(unshipped.filter((order) => !order.confirmed && !order.withheld)),
    withheld: numbers(unshipped.filter((order) => !order.confirmed && order.withheld)),
  };
}

export interface OrderLine {
  sku: string;
  title: string;
  quantity: number;
  unitCents: number;
}

export interface Order {
  number: string;
  customerId: string;
  currency: "EUR";
  totalCents: number;
  lines: OrderLine[];
}

const GOODS: Omit<OrderLine, "quantity">[] = [
  { sku: "TEA-SENCHA-100", title: "Sencha, 100 g", unitCents: 890 },
  { sku: "TEA-ASSAM-250", title: "Assam, 250 g", unitCents: 1250 },
  { sku: "TEA-ROOIBOS-200", title: "Rooibos, 200 g", unitCents: 720 },
  { sku: "POT-IRON-08", title: "Cast-iron pot, 0.8 l", unitCents: 5400 },
  { sku: "POT-GLASS-12", title: "Glass pot, 1.2 l", unitCents: 3290 },
  { sku: "CUP-PORC-4", title: "Porcelain cups, set of 4", unitCents: 2680 },
  { sku: "SIEVE-STEEL", title: "Steel sieve", unitCents: 645 },
  { sku: "TIN-TALL-500", title: "Tea tin, 500 g", unitCents: 990 },
];

const CUSTOMERS = 250;

/** Somebody's order: one to four different things. */
export function drawOrder(number: string, random: () => number = Math.random): Order {
  const below = (n: number) => Math.floor(random() * n);
  const first = below(GOODS.length);
  const lines = Array.from({ length: 1 + below(4) }, (_, i) => ({
    ...GOODS[(first + i * 3) % GOODS.length]!,
    quantity: 1 + below(3),
  }));
  return {
    number,
    customerId: `C-${10_001 + below(CUSTOMERS)}`,
    currency: "EUR",
    totalCents: lines.reduce((sum, line) => sum + line.quantity * line.unitCents, 0),
    lines,
  };
}

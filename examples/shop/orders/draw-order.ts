import { randomUUID } from "node:crypto";

export interface OrderLine {
  sku: string;
  title: string;
  quantity: number;
  unitCents: number;
}

export interface Address {
  street: string;
  postcode: string;
  city: string;
}

export interface Order {
  number: string;
  customerId: string;
  shipTo: Address;
  /** Of a card with good wishes, if one is to go along. */
  giftCard: string | null;
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

const PLACES: Omit<Address, "street">[] = [
  { postcode: "10115", city: "Berlin" },
  { postcode: "20095", city: "Hamburg" },
  { postcode: "50667", city: "Köln" },
  { postcode: "80331", city: "München" },
];
const STREETS = ["Lindenweg", "Am Markt", "Hafenstraße", "Gartenallee"];

const CUSTOMERS = 250;

/** For show: every so many orders one mistypes its postcode, and one wants a gift card, which shipping cannot handle yet. */
const MISTYPED_EVERY = 80;
const GIFT_EVERY = 120;

/** Somebody's order: one to four different things. */
export function drawOrder(n: number, random: () => number = Math.random): Order {
  const below = (n: number) => Math.floor(random() * n);
  const first = below(GOODS.length);
  const lines = Array.from({ length: 1 + below(4) }, (_, i) => ({
    ...GOODS[(first + i * 3) % GOODS.length]!,
    quantity: 1 + below(3),
  }));
  const place = PLACES[below(PLACES.length)]!;
  return {
    number: `ORD-${n}`,
    customerId: `C-${10_001 + below(CUSTOMERS)}`,
    shipTo: {
      street: `${STREETS[below(STREETS.length)]!} ${1 + below(120)}`,
      postcode: n % MISTYPED_EVERY === 20 ? "00000" : place.postcode,
      city: place.city,
    },
    giftCard: n % GIFT_EVERY === 50 ? randomUUID() : null,
    currency: "EUR",
    totalCents: lines.reduce((sum, line) => sum + line.quantity * line.unitCents, 0),
    lines,
  };
}

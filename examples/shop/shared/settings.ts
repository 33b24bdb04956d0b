/** Reads the environment of a shop service; ends the process with one sentence when something is missing. */
export function readSettings<Name extends string>(...names: Name[]): Record<Name, string> {
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) refuse(`Set ${missing.join(", ")}; examples/shop/README.md says to what.`);
  return Object.fromEntries(names.map((name) => [name, process.env[name]])) as Record<Name, string>;
}

/** A positive number from the environment, or what is taken without it. */
export function numberSetting(name: string, otherwise: number): number {
  const text = process.env[name];
  if (!text) return otherwise;
  const value = Number(text);
  if (!(value > 0)) refuse(`${name} must be a number above 0, not ${JSON.stringify(text)}.`);
  return value;
}

/** The services' databases, made on the server that SHOP_DATABASE_URL names. */
export const ordersDatabase = () => process.env.SHOP_ORDERS_DATABASE || "shop_orders";
export const shippingDatabase = () => process.env.SHOP_SHIPPING_DATABASE || "shop_shipping";
export const ledgerDatabase = () => process.env.SHOP_LEDGER_DATABASE || "shop_ledger";
export const noticesDatabase = () => process.env.SHOP_NOTICES_DATABASE || "shop_notices";

function refuse(message: string): never {
  console.error(message);
  process.exit(1);
}

import type { Database, Dialect } from "./database.ts";

/** What is used of a generated client; each project has its own type. */
export interface PrismaClientLike {
  // oxlint-disable-next-line typescript/no-explicit-any -- overloaded; the generated type has the true signature
  $transaction: (...args: any[]) => Promise<unknown>;
  $queryRawUnsafe: (sql: string) => Promise<unknown>;
  $executeRawUnsafe: (sql: string) => Promise<number>;
}

/** What an interactive transaction hands to its function: the client without what makes no sense inside. */
export type PrismaTransaction<Client> = Omit<
  Client,
  "$connect" | "$disconnect" | "$on" | "$transaction" | "$use" | "$extends"
>;

export interface PrismaDatabaseOptions {
  dialect: Dialect;
  /** How long to wait for a connection, in ms; Prisma's default is 2,000. */
  maxWait?: number;
  /** How long the transaction may take, in ms; Prisma's default is 5,000. */
  timeout?: number;
  isolationLevel?: "ReadCommitted" | "RepeatableRead" | "Serializable";
}

/** A database behind Prisma. Your work is handed the client of an interactive transaction. */
export function prismaDatabase<Client extends PrismaClientLike>(
  client: Client,
  { dialect, ...options }: PrismaDatabaseOptions,
): Database<PrismaTransaction<Client>> {
  return {
    dialect,
    transaction: <T>(work: (tx: PrismaTransaction<Client>) => Promise<T>) =>
      client.$transaction(work, options) as Promise<T>,
    async query(tx, sql) {
      const raw = tx as unknown as PrismaClientLike;
      if (RETURNS_ROWS.test(sql)) return (await raw.$queryRawUnsafe(sql)) as Record<string, unknown>[];
      await raw.$executeRawUnsafe(sql);
      return [];
    },
  };
}

const RETURNS_ROWS = /^\s*SELECT\b|\bRETURNING\b/;

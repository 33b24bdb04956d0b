import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/mysql2";
import createKnex from "knex";
import { createPool } from "mysql2/promise";
import { DataSource } from "typeorm";
import { drizzleDatabase } from "../../sdk/database/drizzle.ts";
import { knexDatabase } from "../../sdk/database/knex.ts";
import { mysqlDatabase } from "../../sdk/database/mysql2.ts";
import { typeormDatabase } from "../../sdk/database/typeorm.ts";
import type { HoldRig } from "./rig.ts";

const INSERT = "INSERT INTO orders (message_id) VALUES (?)";
const FAIL = "INSERT INTO orders (message_id) VALUES (NULL)";

/** Every library that speaks MySQL. */
export function holdMysqlRigs(hold: HoldRig): void {
  hold("mysql2", async (url: string) => {
    const pool = createPool({ uri: url, connectionLimit: 5 });
    return {
      database: mysqlDatabase(pool),
      insertOrder: (tx, id) => tx.query(INSERT, [id]),
      fail: (tx) => tx.query(FAIL),
      close: () => pool.end(),
    };
  });

  hold("mysql2, read committed", async (url: string) => {
    const pool = createPool({ uri: url, connectionLimit: 5 });
    return {
      database: mysqlDatabase(pool, { isolation: "READ COMMITTED" }),
      insertOrder: (tx, id) => tx.query(INSERT, [id]),
      fail: (tx) => tx.query(FAIL),
      close: () => pool.end(),
    };
  });

  hold("Drizzle over mysql2", async (url: string) => {
    const pool = createPool({ uri: url, connectionLimit: 5 });
    return {
      database: drizzleDatabase(drizzle({ client: pool }), { dialect: "mysql" }),
      insertOrder: (tx, id) => tx.execute(sql`INSERT INTO orders (message_id) VALUES (${id})`),
      fail: (tx) => tx.execute(sql.raw(FAIL)),
      close: () => pool.end(),
    };
  });

  hold("Knex over mysql2", async (url: string) => {
    const knex = createKnex({ client: "mysql2", connection: url, pool: { min: 0, max: 5 } });
    return {
      database: knexDatabase(knex),
      insertOrder: (tx, id) => tx("orders").insert({ message_id: id }),
      fail: async (tx) => await tx.raw(FAIL),
      close: () => knex.destroy(),
    };
  });

  hold("TypeORM over mysql2", async (url: string) => {
    const source = new DataSource({ type: "mysql", url: url });
    await source.initialize();
    return {
      database: typeormDatabase(source),
      insertOrder: (tx, id) => tx.query(INSERT, [id]),
      fail: (tx) => tx.query(FAIL),
      close: () => source.destroy(),
    };
  });
}

import type { Pool, PoolConnection } from "mysql2/promise";
import type { Database } from "./database.ts";

export interface MysqlDatabaseOptions {
  /** Default: the server's own, REPEATABLE READ unless somebody changed it. */
  isolation?: "READ COMMITTED" | "REPEATABLE READ" | "SERIALIZABLE";
}

/** MySQL and MariaDB through `mysql2/promise`. Your work is handed a connection of the pool, in a transaction. */
export function mysqlDatabase(pool: Pool, options: MysqlDatabaseOptions = {}): Database<PoolConnection> {
  return {
    dialect: "mysql",
    async transaction(work) {
      const connection = await pool.getConnection();
      try {
        if (options.isolation) await connection.query(`SET TRANSACTION ISOLATION LEVEL ${options.isolation}`);
        await connection.beginTransaction();
        const result = await work(connection);
        await connection.commit();
        connection.release();
        return result;
      } catch (error) {
        await connection.rollback().then(
          () => connection.release(),
          () => connection.destroy(),
        );
        throw error;
      }
    },
    async query(connection, sql) {
      const [rows] = await connection.query(sql);
      return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
    },
  };
}

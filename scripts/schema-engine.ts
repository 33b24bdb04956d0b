import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as engineBindings from "@prisma/schema-engine-wasm/schema_engine_bg";

export interface SchemaFile {
  path: string;
  content: string;
}

export interface SchemaEngine {
  diff(input: {
    from: { tag: "schemaDatasource"; files: SchemaFile[]; configDir: string };
    to: { tag: "schemaDatamodel"; files: SchemaFile[] };
    script: boolean;
    exitCode: boolean;
    shadowDatabaseUrl: null;
    filters: { externalTables: string[]; externalEnums: string[] };
  }): Promise<{ exitCode: number; stdout?: string | null }>;
}

/** PostgreSQL's internal one-byte type "char", which introspection reads and the driver adapter has no name for. */
const PG_CHAR_OID = 18;
const PG_TEXT_OID = 25;
const COLUMN_CHARACTER = 6;

/**
 * Prisma's schema engine as WebAssembly over our own connection: no engine binary is downloaded, so migrations are written
 * and the drift check runs off line too.
 */
export async function openSchemaEngine(url: string, schema: SchemaFile): Promise<SchemaEngine> {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve("@prisma/schema-engine-wasm/schema_engine_bg"));
  const compiled = new WebAssembly.Module(readFileSync(join(folder, "schema_engine_bg.wasm")));
  const instance = new WebAssembly.Instance(compiled, { "./schema_engine_bg.js": engineBindings });
  engineBindings.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  const factory = bindMigrationAwareSqlAdapterFactory(
    withCharColumns(new PrismaPg({ connectionString: url, max: 2 })),
  );
  return engineBindings.SchemaEngine.new(
    { datamodels: [[schema.path, schema.content]] },
    () => undefined,
    factory,
  );
}

interface RawResult {
  fields: { dataTypeID: number }[];
}
interface RawConnection {
  performIO(query: unknown): Promise<RawResult>;
  queryRaw(query: unknown): Promise<{ columnTypes: number[]; rows: unknown[][] }>;
}

/** Reports "char" columns as single characters (an empty one as NUL), which is what the engine expects of a driver. */
function withCharColumns(factory: PrismaPg): PrismaPg {
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const raw = adapter as unknown as RawConnection;
    const performIO = raw.performIO.bind(raw);
    const queryRaw = raw.queryRaw.bind(raw);
    let charColumns: number[] = [];
    raw.performIO = async (query) => {
      const result = await performIO(query);
      charColumns = result.fields.flatMap((field, i) => (field.dataTypeID === PG_CHAR_OID ? [i] : []));
      for (const i of charColumns) result.fields[i]!.dataTypeID = PG_TEXT_OID;
      return result;
    };
    raw.queryRaw = async (query) => {
      charColumns = [];
      const result = await queryRaw(query);
      for (const i of charColumns) {
        result.columnTypes[i] = COLUMN_CHARACTER;
        for (const row of result.rows) if (row[i] === "") row[i] = "\0";
      }
      return result;
    };
    return adapter;
  };
  return factory;
}

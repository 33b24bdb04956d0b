#!/usr/bin/env node
import { printDdl } from "../database/print-ddl.ts";

process.exitCode = printDdl({
  name: "surelay-consumer",
  whose: "Surelay's consumer",
  tables: ["inbox"],
  url: import.meta.url,
});

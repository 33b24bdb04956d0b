#!/usr/bin/env node
import { printDdl } from "../database/print-ddl.ts";

process.exitCode = printDdl({
  name: "surelay-producer",
  whose: "Surelay's producer",
  tables: ["barrier", "outbox"],
  url: import.meta.url,
});

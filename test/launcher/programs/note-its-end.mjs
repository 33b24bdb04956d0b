// Runs until SIGTERM, then appends its name (second argument, or "ended") to the file named by the first.
import { appendFileSync } from "node:fs";

const [file, name = "ended"] = process.argv.slice(2);
process.on("SIGTERM", () => {
  appendFileSync(file, `${name}\n`);
  process.exit(0);
});
setInterval(() => undefined, 60_000);
console.log("runs");

// Pictures of every room and state, light and dark, English and Chinese, wide and narrow, into .surelay/screenshots.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";

const HELP = `npm run screenshots -- [--room <name>] [--look <part of a look>]

Photographs every scene of e2e/scenes and writes .surelay/screenshots/index.html, a sheet of all pictures.

  --room   scenes whose name begins with this, for example messages
  --look   looks that hold this: light, dark, en, zh, 1440, 390, or several joined: dark-zh-390
  --help   this text

It starts a stack of its own, as the browser tests do. E2E_STACK names a file that describes a running one instead.`;

const { values } = parseArgs({
  options: { room: { type: "string" }, look: { type: "string" }, help: { type: "boolean" } },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const root = join(import.meta.dirname, "..");
const { status } = spawnSync(process.execPath, [join(root, "node_modules/@playwright/test/cli.js"), "test"], {
  cwd: root,
  stdio: "inherit",
  env: {
    ...process.env,
    SCREENSHOTS: "on",
    SCREENSHOTS_ROOM: values.room ?? "",
    SCREENSHOTS_LOOK: values.look ?? "",
  },
});
process.exit(status ?? 1);

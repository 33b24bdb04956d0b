// Pictures of every room and state, light and dark, English and Chinese, wide and narrow, into .surelay/screenshots.
import { spawnSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

/** The README's pictures, by the scenes that they show. */
const README = {
  overview: "overview-trouble",
  messages: "messages-peek",
  message: "message-dead-letter",
  search: "search-results",
  workers: "workers-present",
  failures: "failures-group",
  "dead-letters": "dead-letters-peek",
};

const HELP = `npm run screenshots -- [--room <name>] [--look <part of a look>] [--readme]

Photographs every scene of e2e/scenes and writes .surelay/screenshots/index.html, a sheet of all pictures.

  --room   scenes whose name begins with this, for example messages
  --look   looks that hold this: light, dark, en, zh, 1440, 390, or several joined: dark-zh-390
  --readme the pictures of docs/images alone, written anew
  --help   this text

It starts a stack of its own, as the browser tests do. E2E_STACK names a file that describes a running one instead.`;

const { values } = parseArgs({
  options: {
    room: { type: "string" },
    look: { type: "string" },
    readme: { type: "boolean" },
    help: { type: "boolean" },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const root = join(import.meta.dirname, "..");
const only = values.readme ? ["-g", `(${Object.values(README).join("|")}), en, 1440`] : [];
const playwright = join(root, "node_modules/@playwright/test/cli.js");
const { status } = spawnSync(process.execPath, [playwright, "test", ...only], {
  cwd: root,
  stdio: "inherit",
  env: {
    ...process.env,
    SCREENSHOTS: "on",
    SCREENSHOTS_ROOM: values.room ?? "",
    SCREENSHOTS_LOOK: values.readme ? "light" : (values.look ?? ""),
  },
});
if (values.readme && status === 0)
  for (const [picture, scene] of Object.entries(README))
    copyFileSync(
      join(root, `.surelay/screenshots/${scene}.light-en-1440.png`),
      join(root, `docs/images/${picture}.png`),
    );
process.exit(status ?? 1);

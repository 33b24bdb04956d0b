#!/usr/bin/env node
// The command line's entry. Plain JavaScript without dependencies, in a form that older versions of Node can read as well:
// it has to say that Node is too old, and to install and build what the rest needs.
const OLDEST = [20, 19];
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  console.error(
    `surelay: This is Node ${process.versions.node}, and Surelay needs ${OLDEST.join(".")} or later. Install a current Node from nodejs.org or with a version manager (\`nvm install 22\`), then start again.`,
  );
  process.exit(1);
}

const { prepare } = await import("../scripts/prepare.mjs");
try {
  await prepare();
} catch (error) {
  console.error(`surelay: ${error.message}`);
  process.exit(1);
}
await import("../dist/cli.mjs");

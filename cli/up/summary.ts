import { relative } from "node:path";
import type { FirstAdmin } from "./first-admin.ts";

export interface SummaryFacts {
  seconds: number;
  console: string | null;
  api: string;
  database: string;
  broker: string;
  workers: string[];
  /** Orders per second, or null if the example does not run. */
  exampleRate: number | null;
  /** The example app's API key file. */
  keyFile: string | null;
  admin: FirstAdmin;
  dataDir: string;
}

/** The block shown when everything is ready. */
export function summary(facts: SummaryFacts): string {
  const rows: [string, string][] = [
    ["API", `${facts.api}    described at ${facts.api}/v1/openapi.json`],
    ["PostgreSQL", facts.database],
    ["Kafka", facts.broker],
    ["Workers", facts.workers.join(", ")],
  ];
  if (facts.console) rows.unshift(["Console", `${facts.console}    ${signIn(facts.admin)}`]);
  if (facts.exampleRate !== null)
    rows.push([
      "Example",
      `a shop placing ${facts.exampleRate} orders per second; some of it fails now and then, on purpose`,
    ]);
  rows.push(["Data, logs", facts.dataDir]);
  const table = rows.map(([name, text]) => `  ${name.padEnd(11)} ${text}`).join("\n");
  return `\nSurelay is ready after ${facts.seconds.toFixed(1)} s.\n\n${table}\n\n${firstMessage(facts)}\n\n  Ctrl-C stops everything.\n`;
}

function signIn(admin: FirstAdmin): string {
  if (admin.password) return `sign in as ${admin.username}, password ${admin.password}`;
  if (admin.file) return `sign in as ${admin.username}; the first password is in ${shown(admin.file)}`;
  return "sign in with your account";
}

function firstMessage(facts: SummaryFacts): string {
  if (!facts.keyFile) {
    return [
      "  To send messages, declare an app and a topic, and make a key:",
      "    npx surelay apply -f topology.yaml",
      "    npx surelay keys create --app <app> --scope produce",
    ].join("\n");
  }
  return [
    "  Send a message:",
    `    curl -sS ${facts.api}/v1/messages/send \\`,
    `      -H "Authorization: Bearer $(cat ${shown(facts.keyFile)})" -H "Content-Type: application/json" \\`,
    `      -d '{"topic": "hello", "key": "me", "payload": {"hello": "world"}}'`,
  ].join("\n");
}

/** Below the working directory as a relative path, which is shorter and can be pasted. */
function shown(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith("..") ? file : path;
}

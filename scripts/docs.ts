/**
 * npm run docs            rewrites the parts of docs/ that are made from code
 * npm run docs -- check   exit code 1 if one of them is not as the code would make it
 *
 * A made part stands between `<!-- made: name -->` and `<!-- end -->`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { settings } from "../server/config/config.ts";
import { projectRoot } from "../server/config/project-root.ts";
import {
  DELIVERY_ATTEMPT_KINDS,
  DELIVERY_TRANSITIONS,
  SETTLED_DELIVERY_STATES,
} from "../server/domain/delivery-state.ts";
import { MESSAGE_STATES, TERMINAL_STATES, TRANSITIONS } from "../server/domain/message-state.ts";
import { RECORDED_EVENTS } from "../server/domain/recorded-event.ts";

const parts: Record<string, () => string> = {
  "state diagram": () => diagram(TRANSITIONS, [...TERMINAL_STATES, "SENT"]),
  "transition table": () => transitionTable(TRANSITIONS),
  "delivery diagram": () => diagram(DELIVERY_TRANSITIONS, SETTLED_DELIVERY_STATES),
  "delivery transitions": () => transitionTable(DELIVERY_TRANSITIONS),
  "delivery attempts": () =>
    table(
      ["kind", "by", "means"],
      Object.entries(DELIVERY_ATTEMPT_KINDS).map(([kind, { by, means }]) => [`\`${kind}\``, by, means]),
    ),
  "recorded events": () =>
    table(
      ["event", "by", "means", "holds"],
      Object.entries(RECORDED_EVENTS).map(([kind, { by, means, detail }]) => [
        `\`${kind}\``,
        by,
        means,
        detail,
      ]),
    ),
  "state list": () => MESSAGE_STATES.map((s) => `\`${s}\``).join(" · "),
  settings: () =>
    table(
      ["variable", "default", "what it is"],
      Object.entries(settings).map(([name, schema]) => [
        `\`${name}\``,
        defaultOf(name, schema),
        schema.description ?? "",
      ]),
    ),
};

interface Arrow {
  event: string;
  from: string | null;
  to: string;
  by: readonly string[];
  when?: string;
}

function diagram(transitions: readonly Arrow[], ends: readonly string[]): string {
  const arrows = new Map<string, string[]>();
  for (const t of transitions) {
    const arrow = `${t.from ?? "[*]"} --> ${t.to}`;
    if (!arrows.get(arrow)?.includes(t.event)) arrows.set(arrow, [...(arrows.get(arrow) ?? []), t.event]);
  }
  const lines = [...arrows].map(([arrow, events]) => `  ${arrow}: ${events.join(", ")}`);
  const last = ends.map((state) => `  ${state} --> [*]`);
  return ["```mermaid", "stateDiagram-v2", "  direction LR", ...lines, ...last, "```"].join("\n");
}

function transitionTable(transitions: readonly Arrow[]): string {
  return table(
    ["event", "from", "to", "by", "when"],
    transitions.map((t) => [`\`${t.event}\``, t.from ?? "(new)", t.to, t.by.join(", "), t.when ?? ""]),
  );
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function defaultOf(
  name: string,
  schema: { safeParse(value: unknown): { success: boolean; data?: unknown } },
): string {
  if (name === "SURELAY_INSTANCE") return "the host's name";
  const parsed = schema.safeParse(undefined);
  const data = parsed.data as string | number | boolean | undefined;
  if (!parsed.success || data === undefined) return "";
  const value = typeof data === "boolean" ? (data ? "on" : "off") : String(data);
  return `\`${value}\``;
}

const FILES = ["docs/state-machine.md", "docs/operations.md"];
const MADE = /(<!-- made: ([a-z ]+) -->\n)[^]*?(<!-- end -->)/g;

/** @returns files whose made parts are not up to date */
export function staleDocs(write: boolean): string[] {
  return FILES.filter((file) => {
    const path = join(projectRoot(), file);
    const before = readFileSync(path, "utf8");
    const after = before.replace(MADE, (_, head: string, name: string, end: string) => {
      const make = parts[name];
      if (!make) throw new Error(`${file}: there is no made part "${name}"`);
      return `${head}${make()}\n${end}`;
    });
    if (write && after !== before) writeFileSync(path, after);
    return after !== before;
  });
}

if (process.argv[1]?.endsWith("docs.ts")) {
  const check = process.argv[2] === "check";
  const stale = staleDocs(!check);
  if (stale.length > 0)
    console.log(
      check ? `not up to date: ${stale.join(", ")}; run npm run docs` : `rewrote ${stale.join(", ")}`,
    );
  if (check && stale.length > 0) process.exit(1);
}

import { hostname } from "node:os";
import { z } from "zod";
import { OperatorError } from "../errors.ts";
import { parseAllowedHosts } from "../outbound/allowed-hosts.ts";
import { OIDC_CREATE } from "./oidc-create.ts";
import { SOURCE_ADDRESS } from "./source-addresses.ts";
import { trustedProxies } from "./trusted-proxies.ts";

const int = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const port = int(1, 65535);
const onOff = z.enum(["on", "off"]).transform((v) => v === "on");
const list = z.string().transform((v) =>
  v
    .split(",")
    .map((s) => s.trim())
    .filter(Boolean),
);

const ROLE_NAMES = ["viewer", "operator", "admin"];

function parseRoles(text: string, ctx: z.RefinementCtx): { value: string; role: string }[] {
  const pairs = text
    .split(",")
    .map((pair) => pair.trim())
    .filter(Boolean)
    .map((pair) => {
      const at = pair.lastIndexOf("=");
      return { value: pair.slice(0, Math.max(at, 0)).trim(), role: pair.slice(at + 1).trim() };
    });
  if (pairs.some(({ value, role }) => value === "" || !ROLE_NAMES.includes(role)))
    ctx.addIssue({
      code: "custom",
      message: `expected value=role[,value=role…], role one of ${ROLE_NAMES.join(", ")}`,
    });
  return pairs;
}

function namesProxies(entries: string[]): boolean {
  try {
    trustedProxies(entries);
    return true;
  } catch {
    return false;
  }
}

function namesHosts(entries: string[]): boolean {
  try {
    parseAllowedHosts(entries);
    return true;
  } catch {
    return false;
  }
}

/**
 * Every setting of every process, in one place. The text of `describe` is shown by `surelay doctor --settings`
 * and is the reference in docs/operations.md: what it is, its unit, what changes with it.
 */
export const settings = {
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe("PostgreSQL 14 or later. Unset: `surelay up` starts one of its own."),
  KAFKA_BROKERS: list
    .refine((v) => v.length > 0 && v.every((b) => /^[^:\s]+:\d+$/.test(b)), "expected host:port[,host:port…]")
    .optional()
    .describe("Bootstrap brokers, host:port separated by commas. Unset: `surelay up` starts one of its own."),

  SURELAY_ENV: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/, "expected lower-case letters, digits and hyphens, at most 32")
    .default("local")
    .describe(
      "Name of the environment. Part of every transactional.id: two environments on one broker must differ.",
    ),
  SURELAY_DATA_DIR: z
    .string()
    .min(1)
    .default(".surelay")
    .describe("Folder of `surelay up`: databases, logs, made secrets."),
  SURELAY_CACHE_DIR: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Folder of `surelay up`'s downloads, shared by its instances. Default: .surelay/cache in the project.",
    ),
  SURELAY_LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "silent"])
    .default("info")
    .describe("Lowest level that is logged."),
  SURELAY_INSTANCE: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/)
    .default(
      hostname()
        .replace(/[^A-Za-z0-9._-]/g, "-")
        .slice(0, 64) || "instance",
    )
    .describe(
      "Stable name of this replica. A relay restarted under the same name takes its lanes back at once; two replicas of one worker must differ.",
    ),
  SURELAY_HOST: z.string().default("127.0.0.1").describe("Address all servers of the process listen on."),

  SURELAY_API_PORT: port.default(4000).describe("Port of the HTTP API."),
  SURELAY_CONSOLE_PORT: port.default(3000).describe("Port of the console."),
  SURELAY_CONSOLE_URL: z
    .url()
    .optional()
    .describe("The console's address as a browser sees it. Default: http://127.0.0.1:<console port>."),
  SURELAY_POSTGRES_PORT: port
    .optional()
    .describe("Port of the embedded PostgreSQL. Default: a free one, printed."),
  SURELAY_KAFKA_PORT: port.optional().describe("Port of the embedded Kafka. Default: a free one, printed."),
  SURELAY_WORKER_PORT: int(0, 65535)
    .default(0)
    .describe("Port of a worker's /healthz, /readyz and /metrics; 0: a free one, logged."),
  SURELAY_METRICS_PORT: port
    .optional()
    .describe("If set, the API serves /metrics there and not on its own port."),
  SURELAY_EXAMPLE: onOff.default(true).describe("Whether `surelay up` runs the example business."),
  SURELAY_EXAMPLE_RATE: z.coerce
    .number()
    .min(0.1)
    .max(1000)
    .default(2)
    .describe("Orders per second of the example business."),

  SURELAY_AUTH_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe(
      "Signs the console's sessions; at least 32 characters. `surelay up` makes one; the console refuses to start without.",
    ),

  SURELAY_PASSWORD_SIGN_IN: onOff
    .default(true)
    .describe("Whether operators may sign in with a name and a password; off needs single sign-on."),
  SURELAY_OIDC_ISSUER: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      "Single sign-on: the OpenID Connect issuer, exactly as it writes itself into its tokens. http only on this machine.",
    ),
  SURELAY_OIDC_CLIENT_ID: z.string().min(1).optional().describe("Single sign-on: the client's id."),
  SURELAY_OIDC_CLIENT_SECRET: z.string().min(1).optional().describe("Single sign-on: the client's secret."),
  SURELAY_OIDC_SCOPES: list
    .default(["openid", "profile"])
    .describe(
      "Single sign-on: scopes that are asked for, separated by commas; `openid` is always among them.",
    ),
  SURELAY_OIDC_NAME: z
    .string()
    .min(1)
    .max(60)
    .optional()
    .describe("Single sign-on: what the sign-in page calls it. Default: the issuer's host."),
  SURELAY_OIDC_USERNAME_CLAIM: z
    .string()
    .min(1)
    .default("preferred_username")
    .describe(
      "Single sign-on: the claim that is the sign-in name. Take one that people cannot change themselves.",
    ),
  SURELAY_OIDC_ROLE_CLAIM: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Single sign-on: the claim that holds roles or groups, `a.b` for a member of an object. Unset: roles are given in the console.",
    ),
  SURELAY_OIDC_ROLES: z
    .string()
    .transform((text, ctx) => parseRoles(text, ctx))
    .default([])
    .describe(
      "Single sign-on: value=role pairs separated by commas, such as `ops=operator,platform=admin`. The strongest that fits counts, with every sign-in; none takes all access away.",
    ),
  SURELAY_OIDC_CREATE: z
    .enum(OIDC_CREATE)
    .default("anyone")
    .describe(
      "Single sign-on: who gets an account with the first sign-in. `anyone` the provider lets through (without a mapped role they see nothing until an admin gives them one), `mapped` who has a mapped role, `invited` nobody but those an admin added.",
    ),
  SURELAY_TRUSTED_PROXIES: list
    .refine(namesProxies, "expected addresses or networks, such as 10.0.0.0/8,192.0.2.7")
    .default([])
    .describe(
      "Reverse proxies before the console, addresses or networks separated by commas: a browser's address is taken from their x-forwarded-for. Unset: the address is the connection's other end, whatever a header says.",
    ),

  SURELAY_DB_POOL: int(1, 200)
    .default(6)
    .describe(
      "Most PostgreSQL connections of one process. The relay has up to 16 more for its lanes and one to be woken by.",
    ),
  SURELAY_LANES: int(1, 512)
    .default(4)
    .describe(
      "Number of lanes made by the first migration. The count is part of every message's order: it is fixed once messages are stored.",
    ),

  SURELAY_MAX_PAYLOAD_BYTES: int(1, 64 * 1024 * 1024)
    .default(1024 * 1024)
    .describe("Largest payload, bytes; larger is answered 413."),
  SURELAY_MAX_HEADERS: int(0, 1024).default(64).describe("Most headers of a message."),
  SURELAY_MAX_HEADER_BYTES: int(0, 1024 * 1024)
    .default(16 * 1024)
    .describe("Most bytes of all headers' names and values of a message together."),
  SURELAY_MAX_KEY_BYTES: int(1, 4096).default(256).describe("Most bytes of key and of businessKey, each."),
  SURELAY_MAX_BATCH: int(1, 500).default(500).describe("Most items of a batch call."),
  SURELAY_ID_PAST_SECONDS: int(60, 30 * 86400)
    .default(7 * 86400)
    .describe(
      "How far a caller's UUIDv7 may lie in the past, seconds. Partitions are kept at least that far back.",
    ),
  SURELAY_ID_FUTURE_SECONDS: int(1, 86400)
    .default(600)
    .describe("How far a caller's UUIDv7 may lie in the future, seconds."),
  SURELAY_CHECK_AFTER_SECONDS: int(1, 86400)
    .default(10)
    .describe("First check-back of a prepared message whose app and call name no other time, seconds."),
  SURELAY_CHECK_CONCURRENCY: int(1, 10_000)
    .default(256)
    .describe(
      "Most check-backs under way at once in one `confirm` process, over all apps; each app has a bound of its own besides.",
    ),
  SURELAY_CHECK_POLL_MS: int(10, 10_000)
    .default(500)
    .describe(
      "How often `confirm` looks for new prepared messages, ms. It wakes for those it knows of when they are due; the shortest first check is 1 s away.",
    ),
  SURELAY_NOTIFY_CONCURRENCY: int(1, 10_000)
    .default(256)
    .describe(
      "Most calls of webhooks under way at once in one `notify` process, over all subscriptions; each subscription has a bound of its own besides. As many messages again wait in its memory.",
    ),
  SURELAY_NOTIFY_POLL_MS: int(10, 10_000)
    .default(500)
    .describe(
      "How often `notify` looks without being woken, ms. The relay wakes it, and it wakes for calls it knows of when they are due.",
    ),
  SURELAY_WEBHOOK_DISABLE_AFTER_SECONDS: int(1, 30 * 86_400)
    .default(86_400)
    .describe(
      "A webhook that has been failing for so long without a success is disabled, seconds; its deliveries wait, uncounted, until an operator enables it.",
    ),
  SURELAY_SIGNING_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe(
      "Master secret from which the signing secrets of apps and webhook subscriptions are derived; at least 32 characters. `surelay up` makes one; `confirm` and `notify` refuse to start without. Whoever changes it changes every secret at once.",
    ),
  SURELAY_ALLOWED_HOSTS: list
    .refine(namesHosts, "expected names, *.suffix, addresses or networks, each with or without :port")
    .default([])
    .describe(
      "Where check-backs and webhooks may go, separated by commas: `hooks.example.com`, `*.internal.example.com:8443`, `10.1.0.0/16`, `public`. With a list, nowhere else; unset: `public`, which is public addresses only, no private, loopback, link-local or metadata ones. Judged when connecting; redirects are not followed.",
    ),

  SURELAY_INTAKE_QUEUE: int(100, 1_000_000)
    .default(20_000)
    .describe("Most messages waiting for a flush in one API process; beyond it calls are answered 503."),
  SURELAY_INTAKE_QUEUE_BYTES: int(1024 * 1024, 4 * 1024 * 1024 * 1024)
    .default(256 * 1024 * 1024)
    .describe("Most payload bytes waiting for a flush in one API process; beyond it calls are answered 503."),
  SURELAY_INTAKE_BATCH: int(1, 2000)
    .default(500)
    .describe("Most messages of one flush: one multi-row statement."),
  SURELAY_INTAKE_TIMEOUT_MS: int(100, 600_000)
    .default(10_000)
    .describe("Longest wait for a flush, ms; then the call is answered 503."),
  SURELAY_ACK_SESSION_MS: int(6000, 300_000)
    .default(10_000)
    .describe(
      "How long acknowledgements on Kafka wait for another `ack` process when one dies, ms; within the broker's group.min.session.timeout.ms and group.max.session.timeout.ms.",
    ),
  SURELAY_OFFSET_POLL_MS: int(50, 60_000)
    .default(250)
    .describe(
      "How often the broker is asked for the committed offsets of a topic's consumer groups while they move, ms: how late a message may become CONSUMED by them.",
    ),
  SURELAY_OFFSET_IDLE_MS: int(50, 600_000).default(1000).describe("The same while nothing moves, ms."),
  SURELAY_KEY_CACHE_SECONDS: z.coerce
    .number()
    .min(0)
    .max(300)
    .default(5)
    .describe("How long a revoked API key may still be accepted, seconds."),
  SURELAY_RATE_PER_KEY: int(1, 1_000_000)
    .default(20_000)
    .describe(
      "Messages per second one API key may submit, unless the key names its own rate; answered 429 beyond.",
    ),

  SURELAY_LANE_LEASE_MS: int(3000, 120_000)
    .default(12_000)
    .describe(
      "Lease of a lane, ms. A dead relay's lanes wait this long; shorter than 10 s lets busy relays steal lanes from each other.",
    ),
  SURELAY_RELAY_BATCH: int(1, 2000).default(1000).describe("Most messages of one Kafka transaction."),
  SURELAY_RELAY_BATCH_BYTES: int(16 * 1024, 16 * 1024 * 1024)
    .default(768 * 1024)
    .describe("Most payload bytes per partition of one Kafka transaction; the broker refuses about 1 MiB."),
  SURELAY_RELAY_POLL_MS: int(10, 60_000)
    .default(500)
    .describe("How often the relay looks without being woken, ms."),
  SURELAY_TOPIC_RETRY_MS: int(100, 600_000)
    .default(2000)
    .describe("How often a topic that is missing or not permitted is tried again, ms."),

  SURELAY_COLLECT_LEASE_MS: int(3000, 120_000)
    .default(12_000)
    .describe("Lease of an outbox source, ms. A dead collector's sources wait this long for another one."),
  SURELAY_COLLECT_BATCH: int(1, 2000)
    .default(1000)
    .describe("Most rows of an outbox source that are stored in one transaction."),
  SURELAY_COLLECT_BATCH_BYTES: int(64 * 1024, 256 * 1024 * 1024)
    .default(4 * 1024 * 1024)
    .describe("Payload bytes after which a read of an outbox source stops."),
  SURELAY_COLLECT_POLL_MS: int(10, 60_000)
    .default(100)
    .describe(
      "How often an outbox source is looked at without being woken, ms. PostgreSQL wakes the collector; MySQL cannot, so there this is the latency.",
    ),
  SURELAY_COLLECT_PACE_MS: int(0, 1000)
    .default(15)
    .describe(
      "Least time from one small batch of an outbox source to the next, ms. Without it a busy source becomes many tiny transactions of the store and of Kafka, which take longer than the wait; a row that comes alone does not wait.",
    ),
  SURELAY_COLLECT_RETRY_MS: int(100, 3_600_000)
    .default(10_000)
    .describe("How often refused rows of an outbox source are tried again, ms."),

  SURELAY_PARTITIONS_AHEAD_DAYS: int(1, 60)
    .default(7)
    .describe("How many days ahead the store's partitions are made."),
  SURELAY_FLOW_DAYS: int(2, 365)
    .default(8)
    .describe("How long the per-minute counts behind the console's charts are kept, days."),
  SURELAY_HEARTBEAT_MS: int(500, 60_000).default(5000).describe("How often a worker reports itself, ms."),
  SURELAY_STOP_TIMEOUT_MS: int(500, 300_000)
    .default(15_000)
    .describe("Deadline of an orderly stop, ms; then the process ends."),

  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url()
    .optional()
    .describe("If set, traces are sent there by OTLP over HTTP."),
} as const;

const environment = z.object(settings);
export type Config = Readonly<z.output<typeof environment>>;

/**
 * Reads and checks the whole environment; nothing else in the service reads it. Empty values count as unset.
 *
 * @throws OperatorError `bad_configuration`, naming every faulty variable at once, and unknown `SURELAY_*` names:
 * a mistyped variable that is silently ignored costs more than a refused start.
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, v]) => v !== undefined && v !== ""));
  const result = environment.safeParse(given);
  const faults = result.success
    ? []
    : result.error.issues.map((i) => `${i.path.join(".")}: ${i.message} (given: ${hide(i.path[0], given)})`);
  for (const name of Object.keys(given)) {
    if (name.startsWith("SURELAY_") && !(name in settings) && !SOURCE_ADDRESS.test(name))
      faults.push(`${name}: there is no such setting`);
  }
  if (!result.success || faults.length > 0) {
    throw new OperatorError(
      "bad_configuration",
      `The configuration is not usable:\n  ${faults.join("\n  ")}`,
    );
  }
  return result.data;
}

function hide(name: PropertyKey | undefined, given: Record<string, string | undefined>): string {
  if (name === "DATABASE_URL" || String(name).endsWith("_SECRET")) return "hidden";
  return JSON.stringify(given[String(name)] ?? null);
}

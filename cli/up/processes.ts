import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { startNodeService } from "../../local/node-service.ts";
import { INSTANCE_MARK } from "../../local/orphans.ts";
import { freePort } from "../../local/ports.ts";
import type { ServiceSpec } from "../../local/supervisor.ts";
import type { Config } from "../../server/config/config.ts";
import { OperatorError } from "../../server/errors.ts";
import { SIGNING_SECRET_FILE } from "../running-instance.ts";
import type { DataFolder } from "./data-folder.ts";

/** What all processes of this instance are given. */
export interface Surroundings {
  root: string;
  config: Config;
  folder: DataFolder;
  databaseUrl: string;
  brokers: string;
}

const STOP_MARGIN_MS = 3000;
const DATABASE_ONLY = new Set(["api", "collect", "confirm", "notify", "recover", "sweep"]);

/** The API and every worker that was built: on one machine all of them run. */
export async function workerSpecs(around: Surroundings): Promise<ServiceSpec[]> {
  const built = join(around.root, "dist", "workers");
  const names = existsSync(built)
    ? readdirSync(built).flatMap((file) => (file.endsWith(".mjs") ? [file.slice(0, -4)] : []))
    : [];
  if (!names.includes("api"))
    throw new OperatorError(
      "not_built",
      "The API and the workers are not built. Run `npm run build`, then start again.",
    );
  return Promise.all(
    names.map(async (name) => {
      const isApi = name === "api";
      const port = isApi ? around.config.SURELAY_API_PORT : await freePort();
      return nodeSpec(around, {
        name,
        stage: 1,
        script: join(built, `${name}.mjs`),
        env: {
          ...(isApi ? {} : { SURELAY_WORKER_PORT: String(port) }),
          ...(name === "confirm" || name === "notify" ? outboundEnv(around) : {}),
          ...(name === "collect" ? sourceEnv(around) : {}),
        },
        readyUrl: `http://127.0.0.1:${port}/readyz`,
        port: isApi ? { number: port, variable: "SURELAY_API_PORT" } : undefined,
      });
    }),
  );
}

/** Whether it starts only when the broker answers; what is not known here rather waits than starts too early. */
export function needsBroker(spec: ServiceSpec): boolean {
  return !DATABASE_ONLY.has(spec.name);
}

/** The web console, already built. */
export function consoleSpec(around: Surroundings): ServiceSpec {
  const port = around.config.SURELAY_CONSOLE_PORT;
  return nodeSpec(around, {
    name: "console",
    stage: 1,
    script: join(around.root, ".next", "standalone", "server.js"),
    env: {
      PORT: String(port),
      HOSTNAME: "127.0.0.1",
      SURELAY_AUTH_SECRET: around.config.SURELAY_AUTH_SECRET ?? around.folder.secret("auth-secret"),
      ...outboundEnv(around),
      ...sourceEnv(around),
    },
    readyUrl: `http://127.0.0.1:${port}/readyz`,
    port: { number: port, variable: "SURELAY_CONSOLE_PORT" },
  });
}

/** For those who send requests to apps and webhooks: what they sign with, and that these may run on this machine, too. */
function outboundEnv({ config, folder }: Surroundings): Record<string, string> {
  return {
    SURELAY_SIGNING_SECRET: signingMaster({ config, folder }),
    SURELAY_ALLOWED_HOSTS: config.SURELAY_ALLOWED_HOSTS.join(",") || "public,127.0.0.0/8,::1",
  };
}

/** What apps' signing secrets are derived from: given, or made at the first start. */
export function signingMaster({ config, folder }: Pick<Surroundings, "config" | "folder">): string {
  return config.SURELAY_SIGNING_SECRET ?? folder.secret(SIGNING_SECRET_FILE);
}

/**
 * Where the example's outbox is, for whoever collects or tests it. Given without the example, too: a start with it has
 * declared the source, which would be faulty otherwise.
 */
function sourceEnv({ databaseUrl }: Surroundings): Record<string, string> {
  const url = new URL(databaseUrl);
  url.pathname = "/shop_shipping";
  return { SURELAY_SOURCE_SHOP_SHIPPING: url.href };
}

/** Where the example's services are called, and what they verify the calls with. */
export interface ExampleDoors {
  checkPort: number;
  checkSecret: string;
  noticesPort: number;
  noticesSecret: string;
}

/** The services' API keys. */
export interface ExampleKeys {
  orders: string;
  shipping: string;
}

/** About how long the example's order service lives before it is killed, seconds. */
const EXAMPLE_MISHAP_SECONDS = 40;

/**
 * The example business: ordinary clients of the API, with databases of their own on the same server. The order service
 * runs below a keeper of its own, who starts it again: it is killed on purpose, which is no fault to tell anybody of.
 */
export function exampleSpecs(around: Surroundings, doors: ExampleDoors, keys: ExampleKeys): ServiceSpec[] {
  const example = (name: string, script: string, env: Record<string, string>) =>
    nodeSpec(around, {
      name: `example-${name}`,
      kind: "example",
      stage: 2,
      script: join(around.root, "dist/examples/shop", `${script}.mjs`),
      env: { SHOP_DATABASE_URL: around.databaseUrl, ...env },
    });
  return [
    example("orders", "keeper", {
      SHOP_API_URL: apiUrl(around.config),
      SHOP_ORDERS_KEY: keys.orders,
      SHOP_CHECK_SECRET: doors.checkSecret,
      SHOP_CHECK_PORT: String(doors.checkPort),
      SHOP_RATE: String(around.config.SURELAY_EXAMPLE_RATE),
      SHOP_MISHAP_SECONDS: String(EXAMPLE_MISHAP_SECONDS),
    }),
    example("shipping", "shipping", {
      SHOP_API_URL: apiUrl(around.config),
      SHOP_SHIPPING_KEY: keys.shipping,
      SHOP_KAFKA_BROKERS: around.brokers,
    }),
    example("ledger", "ledger", { SHOP_KAFKA_BROKERS: around.brokers }),
    example("notices", "notices", {
      SHOP_NOTICES_SECRET: doors.noticesSecret,
      SHOP_NOTICES_PORT: String(doors.noticesPort),
    }),
  ];
}

export function apiUrl(config: Config): string {
  return `http://127.0.0.1:${config.SURELAY_API_PORT}`;
}

export function consoleUrl(config: Config): string {
  return config.SURELAY_CONSOLE_URL ?? `http://127.0.0.1:${config.SURELAY_CONSOLE_PORT}`;
}

interface NodeSpec {
  name: string;
  kind?: "service" | "example";
  stage: number;
  script: string;
  env: Record<string, string>;
  readyUrl?: string;
  port?: { number: number; variable: string } | undefined;
}

function nodeSpec(
  around: Surroundings,
  { name, kind = "service", stage, env, ...options }: NodeSpec,
): ServiceSpec {
  const { config, folder } = around;
  return {
    name,
    kind,
    stage,
    start: (onSpawn) =>
      startNodeService(
        {
          ...options,
          name,
          cwd: around.root,
          env: {
            ...process.env,
            NODE_ENV: "production",
            DATABASE_URL: around.databaseUrl,
            KAFKA_BROKERS: around.brokers,
            [INSTANCE_MARK]: folder.path,
            ...env,
          },
          logFile: folder.logFile(name),
          // Each keeps its own deadline; this one is for a process that hangs in spite of it.
          stopDeadlineMs: config.SURELAY_STOP_TIMEOUT_MS + STOP_MARGIN_MS,
        },
        onSpawn,
      ),
  };
}

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { bundleProgram } from "../support/bundle-program.ts";
import { kafkaBootstrap } from "../support/kafka.ts";

export interface AckProcess {
  pid: number;
  signal(name: NodeJS.Signals): void;
  /** SIGKILL, and the end. */
  kill(): Promise<void>;
  /** SIGTERM. @returns the exit code */
  end(): Promise<number | null>;
}

/** The worker `ack` as an operating-system process of its own. @param env name of the environment: part of its topic's */
export function spawnAck(options: { name: string; databaseUrl: string; env: string }): AckProcess {
  const logFile = process.env.ACK_TEST_LOG;
  const log = logFile ? openSync(logFile, "a") : ("ignore" as const);
  const child: ChildProcess = spawn(process.execPath, [bundleProgram("workers/ack/main.ts")], {
    stdio: ["ignore", log, log],
    env: {
      NODE_ENV: "production",
      PATH: process.env.PATH,
      DATABASE_URL: options.databaseUrl,
      KAFKA_BROKERS: kafkaBootstrap(),
      SURELAY_ENV: options.env,
      SURELAY_INSTANCE: options.name,
      SURELAY_HEARTBEAT_MS: "500",
      SURELAY_INTAKE_BATCH: "50",
      SURELAY_ACK_SESSION_MS: "6000", // the least that a broker takes as it comes
      SURELAY_LOG_LEVEL: logFile ? "debug" : "silent",
    },
  });
  if (typeof log === "number") closeSync(log);
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  return {
    pid: child.pid!,
    signal: (name) => void child.kill(name),
    async kill() {
      child.kill("SIGKILL");
      child.kill("SIGCONT");
      await ended;
    },
    end() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

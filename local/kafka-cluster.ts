import { join } from "node:path";
import { type LocalBroker, type NodePlan, newClusterId, startNode } from "./kafka.ts";
import { prepareKafka } from "./kafka-runtime.ts";
import { freePort } from "./ports.ts";

export interface ClusterNode {
  nodeId: number;
  port: number;
  /** Of the running process; undefined while it is down. */
  pid: number | undefined;
  isRunning(): boolean;
  /** Starts it again on its port and folder, and waits until it serves. */
  start(): Promise<void>;
  /** Controlled shutdown. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

export interface LocalCluster {
  /** All brokers, host:port separated by commas. */
  bootstrap: string;
  nodes: ClusterNode[];
  stop(): Promise<void>;
}

/**
 * Starts several brokers on this machine, replication 3 and min.insync.replicas 2, for fault runs. The folder is
 * scratch: the cluster is made anew, not started again.
 *
 * @throws what startBroker throws.
 */
export async function startCluster(options: {
  dataDir: string;
  brokers?: number;
  properties?: Record<string, string>;
  onProgress?: (text: string) => void;
}): Promise<LocalCluster> {
  const runtime = await prepareKafka(options.onProgress);
  const ids = Array.from({ length: options.brokers ?? 3 }, (_, i) => i + 1);
  const ports = new Map<number, [number, number]>();
  for (const id of ids) ports.set(id, [await freePort(), await freePort()]);
  const voters = [...ports].map(([id, [, controllerPort]]): [number, number] => [id, controllerPort]);
  const clusterId = newClusterId();

  const nodes = ids.map((nodeId) => {
    const [port, controllerPort] = ports.get(nodeId)!;
    const plan: NodePlan = { clusterId, nodeId, port, controllerPort, voters };
    return clusterNode(plan, () =>
      startNode(runtime, plan, {
        ...options,
        dataDir: join(options.dataDir, `broker-${nodeId}`),
        properties: { "auto.leader.rebalance.enable": "false", ...options.properties },
      }),
    );
  });
  const stop = async () => void (await Promise.all(nodes.map((node) => node.stop())));
  try {
    await Promise.all(nodes.map((node) => node.start()));
  } catch (error) {
    await Promise.all(nodes.map((node) => node.kill()));
    throw error;
  }
  return { bootstrap: nodes.map((node) => `127.0.0.1:${node.port}`).join(","), nodes, stop };
}

function clusterNode(plan: NodePlan, launch: () => Promise<LocalBroker>): ClusterNode {
  let broker: LocalBroker | undefined;
  const running = () => (broker && !broker.child.hasEnded() ? broker : undefined);
  return {
    nodeId: plan.nodeId,
    port: plan.port,
    get pid() {
      return running()?.pid;
    },
    isRunning: () => running() !== undefined,
    start: async () => {
      if (!running()) broker = await launch();
    },
    // Controllers are voters too: the last ones to stop have lost their quorum and never end by themselves.
    stop: async () => running()?.stop({ deadlineMs: 4000 }),
    kill: async () => running()?.kill(),
  };
}

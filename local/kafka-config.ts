export interface BrokerLayout {
  nodeId: number;
  port: number;
  controllerPort: number;
  /** Controllers of all nodes, this one included: `[nodeId, controllerPort]`. */
  voters: [number, number][];
  logDir: string;
}

/**
 * The server.properties of a broker on this machine, broker and controller in one process. Internal topics are as
 * small as they may be, and so are buffers and threads: 168 MB of memory in all instead of 300.
 */
export function brokerProperties(layout: BrokerLayout, extra: Record<string, string> = {}): string {
  const nodes = layout.voters.length;
  const replication = String(Math.min(3, nodes));
  const minIsr = String(nodes >= 3 ? 2 : 1);
  const properties: Record<string, string> = {
    "process.roles": "broker,controller",
    "node.id": String(layout.nodeId),
    "controller.quorum.voters": layout.voters.map(([id, port]) => `${id}@127.0.0.1:${port}`).join(","),
    listeners: `PLAINTEXT://127.0.0.1:${layout.port},CONTROLLER://127.0.0.1:${layout.controllerPort}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${layout.port}`,
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "inter.broker.listener.name": "PLAINTEXT",
    "log.dirs": layout.logDir,
    "auto.create.topics.enable": "false", // a mistyped topic must be seen, not made
    "default.replication.factor": replication,
    "min.insync.replicas": minIsr,
    "offsets.topic.replication.factor": replication,
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": replication,
    "transaction.state.log.min.isr": minIsr,
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": replication,
    "share.coordinator.state.topic.min.isr": minIsr,
    "share.coordinator.state.topic.num.partitions": "4",
    "group.initial.rebalance.delay.ms": "0",
    "log.cleaner.dedupe.buffer.size": "4194304",
    "log.cleaner.threads": "1",
    "num.network.threads": "2",
    "num.io.threads": "4",
    // How soon a dead broker of a cluster is noticed. A broker that comes back after SIGKILL waits as long before
    // it is let in again, which is all that a shorter time gains a single one.
    "broker.session.timeout.ms": nodes === 1 ? "3000" : "5000",
    "broker.heartbeat.interval.ms": nodes === 1 ? "500" : "1000",
    // Twice a second a controller writes a record that says nothing, from which replicas see that they keep up.
    "metadata.max.idle.interval.ms": nodes === 1 ? "0" : "500",
    ...extra,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value.replaceAll("\\", "\\\\")}\n`)
    .join("");
}

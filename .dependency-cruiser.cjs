// Who may import whom. The rooms of the house, from the inside out: contract, domain, store, services, and then the doors
// (http, trpc, workers, console). A rule that is broken here is a design that is changing: change it in docs/ first.
const rule = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from },
  to: { path: "^(app|server|workers|sdk|cli|local|bench|test|e2e|examples)/", pathNot: allowed.join("|") },
});
const shared = ["^server/(deadline|errors|log|db|prisma|metrics|tracing)\\.ts$"];

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    rule("contract", "^sdk/contract/", ["^sdk/contract/"], "the wire contract stands on zod alone"),
    rule("sdk", "^sdk/(?!contract/)", ["^sdk/"], "what others install knows nothing of the service"),
    rule("domain", "^server/domain/", ["^server/domain/", "^sdk/contract/"], "decisions are pure"),
    rule("config", "^server/config/", [
      "^server/config/",
      "^server/errors\\.ts$",
      "^server/outbound/(allowed-hosts|address-range)\\.ts$",
    ]),
    rule(
      "outbound",
      "^server/outbound/",
      ["^server/outbound/"],
      "requests to others know nothing of messages",
    ),
    rule("store", "^server/store/", ["^server/store/", "^server/domain/", ...shared]),
    rule("kafka", "^server/kafka/", ["^server/kafka/", "^server/domain/", ...shared]),
    rule(
      "sources",
      "^server/sources/",
      ["^server/sources/", "^server/domain/", ...shared],
      "business databases, behind one small port",
    ),
    rule("auth", "^server/auth/", [
      "^server/(auth|store|domain|config|generated)/",
      "^sdk/contract/",
      ...shared,
    ]),
    rule("services", "^server/services/", [
      "^server/(services|domain|store|kafka|sources|auth|outbound|config|generated)/",
      "^sdk/contract/",
      ...shared,
    ]),
    rule("http", "^server/http/", [
      "^server/(http|services|domain|auth|config)/",
      "^sdk/contract/",
      ...shared,
    ]),
    rule("trpc", "^server/trpc/", [
      "^server/(trpc|services|domain|auth|config)/",
      "^sdk/contract/",
      ...shared,
    ]),
    rule("workers", "^workers/(?!runtime/)", [
      "^workers/",
      "^server/(services|store|kafka|sources|config|domain|http|auth|outbound)/",
      "^sdk/contract/",
      ...shared,
    ]),
    rule("worker-runtime", "^workers/runtime/", [
      "^workers/runtime/",
      "^server/(store|config|domain)/",
      ...shared,
    ]),
    rule(
      "local",
      "^local/",
      ["^local/", "^server/(errors|log)\\.ts$"],
      "one machine's PostgreSQL and Kafka know nothing of messages",
    ),
    rule(
      "examples",
      "^examples/",
      ["^examples/", "^sdk/(producer/(index|outbox/enqueue)|consumer/(index|webhook)|database/pg)\\.ts$"],
      "the example uses the public contract and the published SDK only",
    ),
    {
      name: "nobody-imports-tests",
      severity: "error",
      from: { pathNot: "^(test|bench|e2e)/" },
      to: { path: "^(test|bench|e2e)/" },
    },
    {
      name: "nobody-imports-cli",
      severity: "error",
      from: { pathNot: "^(cli|test|bin)/" },
      to: { path: "^cli/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    // Its parser does not read TSX; what client components may import is held by the linter (.oxlintrc.json).
    exclude: { path: "^server/generated/|\\.tsx$" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    parser: "swc",
  },
};

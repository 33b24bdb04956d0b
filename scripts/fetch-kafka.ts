// What the suites share and nobody has on a fresh machine: fetched once and before them, because they start side by side.
import { resolveKafkaJars } from "../local/kafka-jars.ts";

for (const kind of ["broker", "tools"] as const)
  await resolveKafkaJars(kind, (text) => console.log(`── ${text}`));

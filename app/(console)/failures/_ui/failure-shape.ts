import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "@/server/trpc/router.ts";

type Outputs = inferRouterOutputs<AppRouter>["failures"];

export type FailureGroup = Outputs["list"]["items"][number];
export type FailureDetail = Outputs["read"];

import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "@/server/trpc/router.ts";

type Outputs = inferRouterOutputs<AppRouter>["overview"];

export type OverviewData = Outputs["read"];
export type Problem = OverviewData["health"]["problems"][number];
export type Step = OverviewData["steps"]["READY"];
export type Share = OverviewData["apps"][number];
export type Series = Outputs["series"];
export type Change = Outputs["changes"][number];

import { OverviewSkeleton } from "./_ui/overview-skeleton.tsx";

export default OverviewSkeleton;

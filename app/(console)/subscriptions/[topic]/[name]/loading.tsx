import { DetailSkeleton } from "../../../_registry/_ui/list-skeleton.tsx";

export default DetailSkeleton;

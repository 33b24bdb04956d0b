import { ListSkeleton } from "../_registry/_ui/list-skeleton.tsx";

export default ListSkeleton;

import { ListSkeleton } from "./_ui/list-skeleton.tsx";

export default ListSkeleton;

import { ListSkeleton } from "../operators/_ui/list-skeleton.tsx";

export default ListSkeleton;

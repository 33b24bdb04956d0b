import { BoardSkeleton } from "./_ui/board-skeleton.tsx";

export default BoardSkeleton;

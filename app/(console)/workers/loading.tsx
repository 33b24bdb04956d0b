import { LoadingPage } from "../../_ui/loading-page.tsx";
import { BoardSkeleton } from "./_ui/board-skeleton.tsx";

export default function Loading() {
  return (
    <LoadingPage>
      <BoardSkeleton />
    </LoadingPage>
  );
}

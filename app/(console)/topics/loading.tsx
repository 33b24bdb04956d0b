import { LoadingPage } from "../../_ui/loading-page.tsx";
import { ListSkeleton } from "../_registry/_ui/list-skeleton.tsx";

export default function Loading() {
  return (
    <LoadingPage>
      <ListSkeleton />
    </LoadingPage>
  );
}

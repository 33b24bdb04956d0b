import { LoadingPage } from "../../../_ui/loading-page.tsx";
import { DetailSkeleton } from "../../_registry/_ui/list-skeleton.tsx";

export default function Loading() {
  return (
    <LoadingPage>
      <DetailSkeleton />
    </LoadingPage>
  );
}

import { LoadingPage } from "../../_ui/loading-page.tsx";
import { SearchSkeleton } from "./_ui/search-skeleton.tsx";

export default function Loading() {
  return (
    <LoadingPage>
      <SearchSkeleton />
    </LoadingPage>
  );
}

import { SearchSkeleton } from "./_ui/search-skeleton.tsx";

export default SearchSkeleton;

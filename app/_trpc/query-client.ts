import { QueryClient, defaultShouldDehydrateQuery } from "@tanstack/react-query";
import superjson from "superjson";
import { errorKind } from "../_ui/error-code.ts";

/** Failures of the moment, as against answers that asking again does not change. */
const PASSING = new Set(["offline", "unavailable", "internal"]);

/** Settings shared by server and browser, so that what one renders the other takes over. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5000,
        retry: (failures, error) => failures < 1 && PASSING.has(errorKind(error)),
        refetchOnWindowFocus: false,
      },
      dehydrate: {
        serializeData: superjson.serialize,
        shouldDehydrateQuery: (query) => defaultShouldDehydrateQuery(query),
      },
      hydrate: { deserializeData: superjson.deserialize },
    },
  });
}

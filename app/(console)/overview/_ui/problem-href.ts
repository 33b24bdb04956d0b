import { messagesHref } from "../messages-href.ts";
import type { Problem } from "./overview-data.ts";

/** Where a problem can be looked at and worked on. */
export function problemHref(problem: Problem): string {
  switch (problem.kind) {
    case "prepared_overdue":
      return messagesHref({ states: ["PREPARED"], app: problem.app });
    case "undecided":
      return messagesHref({ states: ["UNDECIDED"], app: problem.app });
    case "rejected":
      return messagesHref({ states: ["REJECTED"], app: problem.app, topic: problem.topic });
    case "scheduled_overdue":
      return messagesHref({ states: ["SCHEDULED"] });
    case "topic_fault":
    case "topic_paused":
      return `/topics/${encodeURIComponent(problem.topic)}`;
    default:
      return "/workers";
  }
}

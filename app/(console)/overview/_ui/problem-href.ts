import { deadLettersHref } from "../../dead-letters/dead-letters-href.ts";
import { waitingHref } from "../../prepared/waiting-href.ts";
import { hrefOf } from "../../subscriptions/_ui/subscription-shape.ts";
import { messagesHref } from "../messages-href.ts";
import type { Problem } from "./overview-data.ts";

/** Where a problem can be looked at and worked on. */
export function problemHref(problem: Problem): string {
  switch (problem.kind) {
    case "prepared_overdue":
      return waitingHref({ show: "overdue", app: problem.app });
    case "undecided":
      return waitingHref({ show: "undecided", app: problem.app });
    case "app_unreachable":
      return `/apps/${encodeURIComponent(problem.app)}`;
    case "source_fault":
    case "source_paused":
    case "source_refused":
    case "source_unowned":
      return `/outbox/${encodeURIComponent(problem.source)}`;
    case "rejected":
      return messagesHref({ states: ["REJECTED"], app: problem.app, topic: problem.topic });
    case "subscription_fault":
    case "subscription_disabled":
    case "subscription_throttled":
    case "subscription_paused":
    case "group_stands":
      return hrefOf({ topic: problem.topic, name: problem.subscription });
    case "dead_letters":
      return deadLettersHref({ subscription: `${problem.topic}/${problem.subscription}` });
    case "scheduled_overdue":
      return messagesHref({ states: ["SCHEDULED"] });
    case "topic_fault":
    case "topic_paused":
      return `/topics/${encodeURIComponent(problem.topic)}`;
    default:
      return "/workers";
  }
}

import { createCallerFactory, router } from "./init.ts";
import { followChanges } from "./routers/live/follow-changes.ts";
import { listMessages } from "./routers/messages/list-messages.ts";
import { decideMessage } from "./routers/messages/decide-message.ts";
import { readNeighbours } from "./routers/messages/read-neighbours.ts";
import { resendMessage } from "./routers/messages/resend-message.ts";
import { readMessage } from "./routers/messages/read-message.ts";
import { readStates } from "./routers/messages/read-states.ts";
import { showPayload } from "./routers/messages/show-payload.ts";
import { unmaskPayload } from "./routers/messages/unmask-payload.ts";
import { readSession } from "./routers/session/read-session.ts";
import { listTopics } from "./routers/topics/list-topics.ts";

export const appRouter = router({
  live: router({ follow: followChanges }),
  messages: router({
    list: listMessages,
    states: readStates,
    read: readMessage,
    payload: showPayload,
    unmask: unmaskPayload,
    neighbours: readNeighbours,
    decide: decideMessage,
    resend: resendMessage,
  }),
  session: router({ read: readSession }),
  topics: router({ list: listTopics }),
});

export type AppRouter = typeof appRouter;

/** Calls procedures in process, with the same checks. */
export const createCaller = createCallerFactory(appRouter);

import { createCallerFactory, router } from "./init.ts";
import { changePassword } from "./routers/account/change-password.ts";
import { endOtherSessions, endOwnSession } from "./routers/account/end-session.ts";
import { readAccount } from "./routers/account/read-account.ts";
import { rotateSecret, showSecret } from "./routers/apps/app-secret.ts";
import { changeApp } from "./routers/apps/change-app.ts";
import { createApp } from "./routers/apps/create-app.ts";
import { listApps } from "./routers/apps/list-apps.ts";
import { readApp } from "./routers/apps/read-app.ts";
import { resetBreaker } from "./routers/apps/reset-breaker.ts";
import { testCheckUrl } from "./routers/apps/test-check-url.ts";
import { listAudit } from "./routers/audit/list-audit.ts";
import { readAudit, readAuditFacets } from "./routers/audit/read-audit.ts";
import {
  discardDeliveries,
  redriveDeliveries,
  retryDeliveriesNow,
} from "./routers/deliveries/act-on-deliveries.ts";
import {
  countDeliveries,
  listDeliveries,
  readDeliveryStates,
  readLastSuccess,
} from "./routers/deliveries/read-deliveries.ts";
import { ignoreFailure, noteFailure } from "./routers/failures/judge-failures.ts";
import { listFailures, readFailure } from "./routers/failures/read-failures.ts";
import { createKey } from "./routers/keys/create-key.ts";
import { listKeys } from "./routers/keys/list-keys.ts";
import { revokeKey } from "./routers/keys/revoke-key.ts";
import { followChanges } from "./routers/live/follow-changes.ts";
import { countMessages } from "./routers/messages/count-messages.ts";
import { listFilterNames } from "./routers/messages/list-filter-names.ts";
import { listMessages } from "./routers/messages/list-messages.ts";
import { decideMessage } from "./routers/messages/decide-message.ts";
import { editMessage, readVersion, readVersions } from "./routers/messages/edit-message.ts";
import { readNeighbours } from "./routers/messages/read-neighbours.ts";
import { resendMessage } from "./routers/messages/resend-message.ts";
import { readMessage } from "./routers/messages/read-message.ts";
import { readStates } from "./routers/messages/read-states.ts";
import { showPayload } from "./routers/messages/show-payload.ts";
import { unmaskPayload } from "./routers/messages/unmask-payload.ts";
import { addOperator } from "./routers/operators/add-operator.ts";
import {
  changeRole,
  liftOperator,
  removeOperator,
  suspendOperator,
} from "./routers/operators/change-operator.ts";
import { endOperatorSession, endOperatorSessions } from "./routers/operators/end-sessions.ts";
import { listOperators, readOperator } from "./routers/operators/read-operators.ts";
import { resetPassword } from "./routers/operators/reset-password.ts";
import { readChanges } from "./routers/overview/read-changes.ts";
import { readOverview } from "./routers/overview/read-overview.ts";
import { readSeries } from "./routers/overview/read-series.ts";
import { askAgain } from "./routers/prepared/ask-again.ts";
import { listWaiting } from "./routers/prepared/list-waiting.ts";
import { sumWaiting } from "./routers/prepared/sum-waiting.ts";
import { findMessages, findUnmasked, planSearch } from "./routers/search/find-messages.ts";
import { readSession } from "./routers/session/read-session.ts";
import { changeSource, removeSource } from "./routers/sources/change-source.ts";
import { declareSource } from "./routers/sources/declare-source.ts";
import { listSources, readSource } from "./routers/sources/read-sources.ts";
import { discardRows, pauseSource, retryRows, testSource } from "./routers/sources/run-source.ts";
import {
  changeSubscription,
  declareSubscription,
  removeSubscription,
} from "./routers/subscriptions/change-subscription.ts";
import { listSubscriptions, readSubscription } from "./routers/subscriptions/read-subscriptions.ts";
import {
  enableEndpoint,
  pauseSubscription,
  resetValve,
  testWebhook,
} from "./routers/subscriptions/run-subscription.ts";
import { rotateWebhookSecret, showWebhookSecret } from "./routers/subscriptions/webhook-secret.ts";
import { changeSchema } from "./routers/topics/change-schema.ts";
import { createTopic } from "./routers/topics/create-topic.ts";
import { listDeclared } from "./routers/topics/list-declared.ts";
import { listTopics } from "./routers/topics/list-topics.ts";
import { maskTopic } from "./routers/topics/mask-topic.ts";
import { mendTopic } from "./routers/topics/mend-topic.ts";
import { pauseTopic } from "./routers/topics/pause-topic.ts";
import { planTopic } from "./routers/topics/plan-topic.ts";
import { raisePartitions } from "./routers/topics/raise-partitions.ts";
import { readInBroker } from "./routers/topics/read-in-broker.ts";
import { readTopic } from "./routers/topics/read-topic.ts";
import { tryPayload } from "./routers/topics/try-payload.ts";
import { trySchema } from "./routers/topics/try-schema.ts";
import { commandWorker } from "./routers/workers/command-worker.ts";
import { pauseLane } from "./routers/workers/pause-lane.ts";
import { readBoard } from "./routers/workers/read-board.ts";

export const appRouter = router({
  account: router({
    read: readAccount,
    changePassword,
    endSession: endOwnSession,
    endOtherSessions,
  }),
  audit: router({ list: listAudit, read: readAudit, facets: readAuditFacets }),
  operators: router({
    list: listOperators,
    read: readOperator,
    add: addOperator,
    changeRole,
    suspend: suspendOperator,
    lift: liftOperator,
    remove: removeOperator,
    resetPassword,
    endSession: endOperatorSession,
    endSessions: endOperatorSessions,
  }),
  apps: router({
    list: listApps,
    read: readApp,
    create: createApp,
    change: changeApp,
    testCheckUrl,
    resetBreaker,
    showSecret,
    rotateSecret,
  }),
  deliveries: router({
    list: listDeliveries,
    count: countDeliveries,
    states: readDeliveryStates,
    lastSuccess: readLastSuccess,
    redrive: redriveDeliveries,
    retryNow: retryDeliveriesNow,
    discard: discardDeliveries,
  }),
  failures: router({ list: listFailures, read: readFailure, note: noteFailure, ignore: ignoreFailure }),
  keys: router({ list: listKeys, create: createKey, revoke: revokeKey }),
  live: router({ follow: followChanges }),
  messages: router({
    list: listMessages,
    counts: countMessages,
    filterNames: listFilterNames,
    states: readStates,
    read: readMessage,
    payload: showPayload,
    unmask: unmaskPayload,
    neighbours: readNeighbours,
    decide: decideMessage,
    resend: resendMessage,
    versions: readVersions,
    version: readVersion,
    edit: editMessage,
  }),
  overview: router({ read: readOverview, series: readSeries, changes: readChanges }),
  prepared: router({ list: listWaiting, sum: sumWaiting, askAgain }),
  search: router({ plan: planSearch, find: findMessages, findUnmasked }),
  session: router({ read: readSession }),
  sources: router({
    list: listSources,
    read: readSource,
    declare: declareSource,
    change: changeSource,
    remove: removeSource,
    pause: pauseSource,
    test: testSource,
    retryRows,
    discardRows,
  }),
  subscriptions: router({
    list: listSubscriptions,
    read: readSubscription,
    declare: declareSubscription,
    change: changeSubscription,
    remove: removeSubscription,
    pause: pauseSubscription,
    resetValve,
    enableEndpoint,
    testWebhook,
    showSecret: showWebhookSecret,
    rotateSecret: rotateWebhookSecret,
  }),
  topics: router({
    list: listTopics,
    declared: listDeclared,
    read: readTopic,
    inBroker: readInBroker,
    plan: planTopic,
    create: createTopic,
    raisePartitions,
    mend: mendTopic,
    mask: maskTopic,
    changeSchema,
    trySchema,
    tryPayload,
    pause: pauseTopic,
  }),
  workers: router({ board: readBoard, command: commandWorker, pauseLane }),
});

export type AppRouter = typeof appRouter;

/** Calls procedures in process, with the same checks. */
export const createCaller = createCallerFactory(appRouter);

import type { FastifyInstance, FastifyRequest } from "fastify";
import { type ApiKeys, type Caller, requireScope, type Scope, spend } from "../../auth/api-keys.ts";
import type { Pool } from "../../db.ts";
import { getMessage } from "../../services/messages/get-message.ts";
import { listDeliveries } from "../../services/acks/list-deliveries.ts";
import { listMessages } from "../../services/messages/list-messages.ts";
import { getSubscription } from "../../services/subscriptions/get-subscription.ts";
import type { ListQuery } from "../../services/messages/list-query.ts";

/** What an app reads of its own messages, and of what its subscriptions are delivered. */
export function addQueryRoutes(app: FastifyInstance, deps: { pool: Pool; keys: ApiKeys }): void {
  const authorise = async (request: FastifyRequest, scope: Scope = "produce"): Promise<Caller> => {
    const caller = await deps.keys.authenticate(request.headers.authorization);
    requireScope(caller, scope);
    spend(caller, 1);
    return caller;
  };
  const list = async (request: FastifyRequest) => {
    const caller = await authorise(request);
    return await listMessages(deps.pool, caller.appId, request.query as ListQuery);
  };
  const get = async (request: FastifyRequest) => {
    const caller = await authorise(request);
    return await getMessage(deps.pool, caller.appId, (request.params as { id: string }).id);
  };
  const deliveries = async (request: FastifyRequest) => {
    const caller = await authorise(request, "consume");
    return await listDeliveries(deps.pool, caller.appId, request.query as ListQuery);
  };
  const subscription = async (request: FastifyRequest) => {
    const caller = await authorise(request, "consume");
    return await getSubscription(deps.pool, caller.appId, request.params as { topic: string; name: string });
  };
  app.get("/v1/messages", (request) => list(request));
  app.get("/v1/messages/:id", (request) => get(request));
  app.get("/v1/deliveries", (request) => deliveries(request));
  app.get("/v1/subscriptions/:topic/:name", (request) => subscription(request));
}

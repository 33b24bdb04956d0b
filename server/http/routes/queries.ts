import type { FastifyInstance, FastifyRequest } from "fastify";
import { type ApiKeys, type Caller, requireScope, spend } from "../../auth/api-keys.ts";
import type { Pool } from "../../db.ts";
import { getMessage } from "../../services/messages/get-message.ts";
import { listMessages, type ListQuery } from "../../services/messages/list-messages.ts";

/** What an app reads of its own messages. */
export function addQueryRoutes(app: FastifyInstance, deps: { pool: Pool; keys: ApiKeys }): void {
  const authorise = async (request: FastifyRequest): Promise<Caller> => {
    const caller = await deps.keys.authenticate(request.headers.authorization);
    requireScope(caller, "produce");
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
  app.get("/v1/messages", (request) => list(request));
  app.get("/v1/messages/:id", (request) => get(request));
}

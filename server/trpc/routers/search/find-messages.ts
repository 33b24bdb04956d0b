import { TRPCError } from "@trpc/server";
import { may } from "../../../auth/permissions.ts";
import { auditActor } from "../../../services/console/audit-origin.ts";
import { planSearch as plan } from "../../../services/search/plan-search.ts";
import { searchMessages, searchUnmasked } from "../../../services/search/search-messages.ts";
import { allow } from "../../init.ts";
import { askedInput, searchInput } from "./search-input.ts";

/** What a search would look at. */
export const planSearch = allow("message.read")
  .input(askedInput)
  .query(({ ctx, input }) => plan(ctx.db, input));

/** One step of a search. What a payload holds can be learnt by asking for it, so that it takes the right to read one. */
export const findMessages = allow("message.read")
  .input(searchInput)
  .query(({ ctx, input }) => {
    if (/payload/i.test(input.q) && !may(ctx.operator.role, "payload.read"))
      throw new TRPCError({ code: "FORBIDDEN", message: "This needs the permission payload.read." });
    return searchMessages(ctx.db, input);
  });

/** A mutation because it writes to the audit log. */
export const findUnmasked = allow("payload.unmask")
  .input(searchInput)
  .mutation(({ ctx, input }) => searchUnmasked(ctx.db, input, auditActor(ctx.operator, ctx.origin)));

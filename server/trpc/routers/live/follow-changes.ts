import { TRPCError, tracked } from "@trpc/server";
import { z } from "zod";
import { allow } from "../../init.ts";

/** A stream outlives the request that opened it, so whoever reads it is looked at again this often, ms: a ban ends it that soon. */
const RECHECK_MS = 3000;

/**
 * One stream per tab: what a page shows may be outdated whenever the version differs from the last one it saw. It needs
 * no memory of what was missed while a connection was lost, since the first notice after it carries today's version.
 */
export const followChanges = allow("message.read")
  .input(z.strictObject({ lastEventId: z.string().nullish() }).optional())
  .subscription(async function* ({ ctx, signal }) {
    let checkedAt = Date.now();
    for await (const notice of ctx.watch.follow(signal!)) {
      // While the database is away nobody can be looked at, and nothing is handed out but that it is away.
      if (notice.at !== null && Date.now() - checkedAt > RECHECK_MS) {
        const operator = await ctx.readOperatorAgain();
        if (!operator?.permissions.includes("message.read")) throw new TRPCError({ code: "UNAUTHORIZED" });
        checkedAt = Date.now();
      }
      yield tracked(notice.version, notice);
    }
  });

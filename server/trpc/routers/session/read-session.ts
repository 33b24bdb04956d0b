import { allowSignedIn } from "../../init.ts";

/** Who is signed in and what that person may do. */
export const readSession = allowSignedIn().query(({ ctx }) => ctx.operator);

import { readBoard as read } from "../../../services/workers/read-board.ts";
import { allow } from "../../init.ts";

/** All processes with their heartbeats, all lanes with their leases and work. */
export const readBoard = allow("worker.read").query(({ ctx }) => read(ctx.db));

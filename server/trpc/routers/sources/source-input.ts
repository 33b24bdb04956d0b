import { z } from "zod";
import { OUTBOX_NAME_LENGTH } from "../../../domain/outbox-source.ts";

/** The name of a source that is asked for; whether there is one is another question. */
export const sourceNameInput = z.string().min(1).max(OUTBOX_NAME_LENGTH);

import { z } from "zod";
import { isMessageId } from "../../../domain/message-id.ts";

/** A message's id in any case; canonical afterwards. */
export const messageIdInput = z.string().toLowerCase().refine(isMessageId, "expected a UUIDv7");

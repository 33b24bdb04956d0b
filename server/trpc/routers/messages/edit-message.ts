import { z } from "zod";
import { may } from "../../../auth/permissions.ts";
import { editMessage as edit } from "../../../services/console/edit-message.ts";
import { readVersion as read, readVersions as list } from "../../../services/console/read-versions.ts";
import { allow } from "../../init.ts";
import { requiredReason } from "../reason-input.ts";
import { messageIdInput } from "./message-id.ts";

/** Longer than any payload that intake takes by default, characters. */
const LONGEST = 8 * 1024 * 1024;
const NOTE_LENGTH = 500;
const version = z.int().min(1).max(32_767);

export const readVersions = allow("message.read")
  .input(z.strictObject({ id: messageIdInput }))
  .query(({ ctx, input }) => list(ctx.db, input.id));

/** A mutation because a look at a masked payload writes to the audit log. */
export const readVersion = allow("message.edit")
  .input(z.strictObject({ id: messageIdInput, version }))
  .mutation(({ ctx, input }) =>
    read(
      ctx.db,
      { ...input, mayUnmask: may(ctx.operator.role, "payload.unmask") },
      { actor: ctx.operator, from: ctx.origin },
    ),
  );

export const editMessage = allow("message.edit")
  .input(
    z.strictObject({
      id: messageIdInput,
      basedOn: version,
      payload: z.base64().max(LONGEST),
      contentType: z.string().min(1).max(256),
      headers: z.record(z.string(), z.string()),
      note: z.string().trim().max(NOTE_LENGTH).nullable(),
      as: z.enum(["new_id", "same_id"]),
      send: z.enum(["resend", "redrive", "nothing"]),
      reason: requiredReason,
    }),
  )
  .mutation(({ ctx, input: { reason, payload, ...input } }) =>
    edit(
      ctx.db,
      { ...input, payload: Buffer.from(payload, "base64") },
      { actor: ctx.operator, from: ctx.origin, reason },
      { config: ctx.config, mayUnmask: may(ctx.operator.role, "payload.unmask") },
    ),
  );

import type { PermissionName } from "../../../../_ui/use-gate.ts";

/** Every permission once, in the order in which a person reads them. */
export const PERMISSION_GROUPS = [
  {
    name: "messages",
    permissions: [
      "message.read",
      "payload.read",
      "payload.unmask",
      "message.decide",
      "message.ask",
      "message.resend",
      "message.edit",
      "delivery.redrive",
      "delivery.discard",
      "failure.note",
    ],
  },
  {
    name: "running",
    permissions: [
      "worker.read",
      "worker.control",
      "lane.pause",
      "topic.pause",
      "subscription.control",
      "source.pause",
    ],
  },
  {
    name: "administration",
    permissions: [
      "registry.read",
      "app.manage",
      "app.probe",
      "app.secret",
      "key.manage",
      "topic.manage",
      "subscription.manage",
      "subscription.secret",
      "source.manage",
    ],
  },
  { name: "access", permissions: ["audit.read", "operator.manage"] },
] as const satisfies readonly { name: string; permissions: readonly PermissionName[] }[];

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
    ],
  },
  {
    name: "running",
    permissions: ["worker.read", "worker.control", "lane.pause", "topic.pause", "source.pause"],
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
      "source.manage",
    ],
  },
  { name: "access", permissions: ["audit.read", "operator.manage"] },
] as const satisfies readonly { name: string; permissions: readonly PermissionName[] }[];

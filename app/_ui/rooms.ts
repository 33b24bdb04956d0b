import {
  type Icon,
  IconApps,
  IconBug,
  IconCpu,
  IconDatabaseExport,
  IconHistory,
  IconHourglass,
  IconKey,
  IconLayoutDashboard,
  IconListDetails,
  IconSearch,
  IconSkull,
  IconStack2,
  IconUsers,
  IconUsersGroup,
} from "@tabler/icons-react";
import type { PermissionName } from "./use-gate.ts";

export type RoomName =
  | "overview"
  | "messages"
  | "prepared"
  | "deadLetters"
  | "failures"
  | "search"
  | "workers"
  | "apps"
  | "keys"
  | "topics"
  | "subscriptions"
  | "outbox"
  | "operators"
  | "audit";

export interface Room {
  name: RoomName;
  href: string;
  icon: Icon;
  /** Without it the room is not offered. */
  permission: PermissionName;
  /** Second key of the shortcut that goes there, after `g`. */
  key: string;
}

/** Every room in the order of the navigation. */
export const ROOM_GROUPS: readonly { name: "operate" | "administration"; rooms: readonly Room[] }[] = [
  {
    name: "operate",
    rooms: [
      {
        name: "overview",
        href: "/overview",
        icon: IconLayoutDashboard,
        permission: "message.read",
        key: "o",
      },
      { name: "messages", href: "/messages", icon: IconListDetails, permission: "message.read", key: "m" },
      {
        name: "prepared",
        href: "/prepared",
        icon: IconHourglass,
        permission: "message.read",
        key: "p",
      },
      { name: "deadLetters", href: "/dead-letters", icon: IconSkull, permission: "message.read", key: "d" },
      { name: "failures", href: "/failures", icon: IconBug, permission: "message.read", key: "f" },
      { name: "search", href: "/search", icon: IconSearch, permission: "message.read", key: "s" },
      { name: "workers", href: "/workers", icon: IconCpu, permission: "worker.read", key: "w" },
    ],
  },
  {
    name: "administration",
    rooms: [
      { name: "apps", href: "/apps", icon: IconApps, permission: "registry.read", key: "a" },
      { name: "keys", href: "/keys", icon: IconKey, permission: "registry.read", key: "k" },
      { name: "topics", href: "/topics", icon: IconStack2, permission: "registry.read", key: "t" },
      {
        name: "subscriptions",
        href: "/subscriptions",
        icon: IconUsersGroup,
        permission: "registry.read",
        key: "b",
      },
      { name: "outbox", href: "/outbox", icon: IconDatabaseExport, permission: "registry.read", key: "x" },
      { name: "operators", href: "/operators", icon: IconUsers, permission: "operator.manage", key: "u" },
      { name: "audit", href: "/audit", icon: IconHistory, permission: "audit.read", key: "l" },
    ],
  },
];

export const ROOMS: readonly Room[] = ROOM_GROUPS.flatMap(({ rooms }) => rooms);

/** Where an operator begins. */
export const HOME = "/overview";

"use client";
import { useOperator } from "./operator-context.tsx";
import { ROOM_GROUPS, type Room } from "./rooms.ts";

/** The rooms this operator may enter, by group; a group without any is left out. */
export function useRoomGroups(): { name: (typeof ROOM_GROUPS)[number]["name"]; rooms: Room[] }[] {
  const { permissions } = useOperator();
  return ROOM_GROUPS.map(({ name, rooms }) => ({
    name,
    rooms: rooms.filter(({ permission }) => permissions.includes(permission)),
  })).filter(({ rooms }) => rooms.length > 0);
}

"use client";
import { Tooltip } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useId } from "react";
import classes from "./main-nav.module.css";
import type { Room } from "./rooms.ts";
import { useRoomGroups } from "./use-rooms.ts";

/** The rooms by group, for inside of a navigation. @param slim icons alone, names on hover @param onGo a room was chosen */
export function MainNav({ slim = false, onGo }: { slim?: boolean; onGo?: () => void }) {
  const t = useTranslations("nav");
  const id = useId();
  return (
    <div className={classes.nav} data-slim={slim || undefined}>
      {useRoomGroups().map(({ name, rooms }) => (
        <div key={name} className={classes.group}>
          <div className={classes.heading} id={`${id}${name}`}>
            {t(`groups.${name}`)}
          </div>
          <ul aria-labelledby={`${id}${name}`} className={classes.rooms}>
            {rooms.map((room) => (
              <li key={room.name}>
                <RoomLink room={room} slim={slim} onGo={onGo} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function RoomLink({ room, slim, onGo }: { room: Room; slim: boolean; onGo?: () => void }) {
  const t = useTranslations("nav");
  const path = usePathname();
  const { icon: RoomIcon, href, name } = room;
  return (
    <Tooltip label={t(`rooms.${name}`)} position="right" disabled={!slim} withArrow>
      <Link
        href={href}
        className={classes.link}
        onClick={onGo}
        aria-current={path === href ? "page" : path.startsWith(`${href}/`) ? "true" : undefined}
      >
        <RoomIcon size={18} stroke={1.7} aria-hidden />
        <span className={classes.name}>{t(`rooms.${name}`)}</span>
      </Link>
    </Tooltip>
  );
}

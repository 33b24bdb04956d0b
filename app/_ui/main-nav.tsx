"use client";
import { Tooltip } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useId, useState } from "react";
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

/**
 * A room's skeleton is fetched when somebody is about to go there, by pointer or focus. To fetch all of them with every page
 * that is opened was a dozen further requests, each of which the server reads the session and renders for.
 */
function RoomLink({ room, slim, onGo }: { room: Room; slim: boolean; onGo?: () => void }) {
  const t = useTranslations("nav");
  const path = usePathname();
  const [near, setNear] = useState(false);
  const come = () => setNear(true);
  const { icon: RoomIcon, href, name } = room;
  return (
    <Tooltip label={t(`rooms.${name}`)} position="right" disabled={!slim} withArrow>
      <Link
        href={href}
        className={classes.link}
        prefetch={near ? null : false}
        onPointerEnter={come}
        onFocus={come}
        onClick={onGo}
        aria-current={path === href ? "page" : path.startsWith(`${href}/`) ? "true" : undefined}
      >
        <RoomIcon size={18} stroke={1.7} aria-hidden />
        <span className={classes.name}>{t(`rooms.${name}`)}</span>
      </Link>
    </Tooltip>
  );
}

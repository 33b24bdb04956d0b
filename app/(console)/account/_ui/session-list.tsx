"use client";
import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { IconDeviceDesktop, IconDeviceMobile } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { agePart, momentPart } from "../../../_ui/rich-parts.tsx";
import { describeDevice } from "./describe-device.ts";
import classes from "./session-list.module.css";

export interface SessionItem {
  id: string;
  ip: string | null;
  userAgent: string | null;
  startedAt: Date;
  lastSeenAt: Date;
}

/** Sessions shown before the rest is asked for. */
const FIRST = 8;
/** Of what a program calls itself, characters. */
const MAX_NAME = 60;

interface Sessions {
  sessions: readonly SessionItem[];
  /** The session of whoever looks. */
  own: string;
  /** A session that is being ended. */
  ending: string | null;
  onEnd: (id: string) => void;
}

/** Signed-in browsers, each with what it takes to recognise it. */
export function SessionList({ sessions, own, ending, onEnd }: Sessions) {
  const t = useTranslations("account.sessions");
  const [all, setAll] = useState(false);
  const shown = all ? sessions : sessions.slice(0, FIRST);
  if (sessions.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t("none")}
      </Text>
    );
  return (
    <>
      <ul className={classes.list}>
        {shown.map(({ id, ip, userAgent, startedAt, lastSeenAt }) => {
          const device = describeDevice(userAgent);
          const name =
            device === null
              ? (userAgent?.slice(0, MAX_NAME) ?? t("unknownDevice"))
              : t("device", { ...device });
          const address = ip ?? t("unknownAddress");
          const DeviceIcon =
            device !== null && /iPhone|Android/.test(device.system) ? IconDeviceMobile : IconDeviceDesktop;
          return (
            <li key={id} className={classes.session}>
              <DeviceIcon size={22} stroke={1.6} aria-hidden />
              <Stack gap={2} miw={0} flex={1}>
                <Group gap="xs">
                  <Text size="sm" fw={600} title={userAgent ?? undefined}>
                    {name}
                  </Text>
                  {id === own && (
                    <Badge size="sm" variant="light" tt="none">
                      {t("here")}
                    </Badge>
                  )}
                </Group>
                <Text size="xs" c="dimmed" component="div" className={classes.facts}>
                  <span className="mono">{address}</span>
                  <span>{t.rich("started", { time: momentPart(startedAt) })}</span>
                  <span>{t.rich("seen", { age: agePart(lastSeenAt) })}</span>
                </Text>
              </Stack>
              {id !== own && (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={t("endWhich", { device: name, address })}
                  loading={ending === id}
                  onClick={() => onEnd(id)}
                >
                  {t("end")}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {shown.length < sessions.length && (
        <div>
          <Button size="compact-sm" variant="subtle" onClick={() => setAll(true)}>
            {t("showAll", { count: sessions.length })}
          </Button>
        </div>
      )}
    </>
  );
}

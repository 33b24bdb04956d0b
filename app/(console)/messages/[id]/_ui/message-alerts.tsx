"use client";
import { Alert } from "@mantine/core";
import {
  IconAlertTriangle,
  IconPlayerPause,
  IconPlugConnectedX,
  IconRepeat,
  IconSkull,
  IconUnlink,
} from "@tabler/icons-react";
import { useFormatter, useTranslations } from "next-intl";
import { Moment } from "../../../../_ui/moment.tsx";
import type { Message } from "./message-type.ts";

/** What keeps the message where it is, and who can change that. */
export function MessageAlerts({ message }: { message: Message }) {
  const t = useTranslations("message");
  const format = useFormatter();
  const { topic, lane, openResend: open } = message;
  const dead = message.deliveries.filter(({ state }) => state === "DEAD");
  const { checkUrl, breaker } = message.producer;
  const waits = message.state === "PREPARED";
  const inLane = message.ahead !== null || (open !== null && open.heldAt === null);
  return (
    <>
      {waits && checkUrl === null && (
        <Alert color="orange" icon={<IconUnlink aria-hidden />}>
          {t("noCheckUrl", { app: message.app })}
        </Alert>
      )}
      {waits && checkUrl !== null && breaker !== null && breaker.state !== "closed" && (
        <Alert
          color="orange"
          icon={<IconPlugConnectedX aria-hidden />}
          title={t("appAway", { app: message.app })}
        >
          {t.rich("appAwaySince", { since: () => <Moment value={breaker.since} /> })}
          {breaker.lastError !== null && ` ${breaker.lastError}`}
        </Alert>
      )}
      {message.heldAt !== null && (
        <Alert color="orange" icon={<IconPlayerPause aria-hidden />}>
          {message.topicPausedAt === null
            ? t("held", { topic, code: message.topicFault?.code ?? "?" })
            : t("heldPaused", { topic })}
        </Alert>
      )}
      {inLane && message.lanePausedAt !== null && (
        <Alert color="orange" icon={<IconPlayerPause aria-hidden />}>
          {t("lanePaused", { lane })}
        </Alert>
      )}
      {inLane && message.laneOwner === null && (
        <Alert color="orange" icon={<IconPlugConnectedX aria-hidden />}>
          {t("laneFree", { lane })}
        </Alert>
      )}
      {inLane && message.laneFault !== null && (
        <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} title={t("laneFault", { lane })}>
          {message.laneFault}
        </Alert>
      )}
      {open !== null && (
        <Alert
          color="lake"
          icon={<IconRepeat aria-hidden />}
          title={t("resendOpen", { attempt: open.attempt })}
        >
          {t("resendAsked", { actor: open.askedBy })} (<Moment value={open.askedAt} />
          ). {open.heldAt === null ? t("resendOnItsWay") : t("resendHeld", { topic })}
        </Alert>
      )}
      {dead.length > 0 && (
        <Alert
          color="red"
          icon={<IconSkull aria-hidden />}
          title={t("dead", {
            subscriptions: format.list(
              dead.map(({ subscription }) => subscription),
              { type: "unit" },
            ),
          })}
        >
          {dead[0]?.error?.message ?? dead[0]?.reason}
        </Alert>
      )}
      {message.reason !== null && (
        <Alert
          color="red"
          icon={<IconAlertTriangle aria-hidden />}
          title={t(message.state === "REJECTED" ? "reasonRejected" : "reason")}
        >
          {message.reason}
        </Alert>
      )}
    </>
  );
}

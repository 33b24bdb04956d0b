"use client";
import { useNow, useTranslations } from "next-intl";
import { Section } from "../../../../../_ui/section.tsx";
import type { Message } from "../message-type.ts";
import { MapLegend } from "./map-legend.tsx";
import { NextSteps } from "./next-steps.tsx";
import { nextSteps } from "./possible-steps.ts";
import { NARROW, WIDE, layOut } from "./state-map-layout.ts";
import classes from "./state-map.module.css";
import { StateMapPicture } from "./state-map-picture.tsx";
import { travelledPath } from "./travelled-path.ts";

const wide = layOut(WIDE);
const narrow = layOut(NARROW);

/** The state table as a picture, with the way this message went and where it can go from here. */
export function StateMap({ message }: { message: Message }) {
  const t = useTranslations("stateMap");
  const path = travelledPath(message);
  const steps = nextSteps(message, useNow());
  const picture = { path, next: steps.map((step) => step.to), state: message.state };
  return (
    <Section title={t("title")} aside={<MapLegend />}>
      <div className={classes.map}>
        <div className={classes.wide}>
          <StateMapPicture layout={wide} {...picture} />
        </div>
        <div className={classes.narrow}>
          <StateMapPicture layout={narrow} {...picture} />
        </div>
        <NextSteps message={message} steps={steps} />
      </div>
    </Section>
  );
}

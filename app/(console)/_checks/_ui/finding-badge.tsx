"use client";
import {
  type Icon,
  IconArrowBackUp,
  IconCheck,
  IconHelpCircle,
  IconPlugConnectedX,
} from "@tabler/icons-react";
import { StatusBadge } from "../../../_ui/status-badge.tsx";
import { type Finding, useCheckWords } from "./use-check-words.ts";

const ICONS: Record<Finding["outcome"], Icon> = {
  committed: IconCheck,
  rolled_back: IconArrowBackUp,
  unknown: IconHelpCircle,
  failed: IconPlugConnectedX,
  unsent: IconPlugConnectedX,
};

/** What a producer answered, or why it did not. */
export function FindingBadge({ finding, hint }: { finding: Finding; hint?: string }) {
  const { short, tone } = useCheckWords()(finding);
  return <StatusBadge tone={tone} icon={ICONS[finding.outcome]} label={short} hint={hint} />;
}

import { CHECK_FIELDS, CHECK_LIMITS, type CheckSettings } from "@/server/domain/check-policy.ts";
import {
  APP_NAME_RULES,
  CHECK_AFTER_SECONDS,
  CONTACT_LENGTH,
  brokenRules,
  isCheckUrl,
} from "@/server/domain/registry-rules.ts";

/** What the form of an app holds: texts and numbers as typed. */
export interface AppDraft {
  name: string;
  contact: string;
  checkUrl: string;
  /** "" when nothing is typed. */
  checkAfterSeconds: number | string;
  check: Record<keyof CheckSettings, number | string>;
}

/** A field of the form that can be at fault. */
export type AppFault = Exclude<keyof AppDraft, "check"> | keyof CheckSettings;

export interface AppFields {
  name: string;
  contact: string | null;
  checkUrl: string | null;
  checkAfterSeconds: number | null;
  check: CheckSettings;
}

const NO_CHECK: AppDraft["check"] = {
  factor: "",
  maxDelaySeconds: "",
  maxAttempts: "",
  jitter: "",
  timeoutSeconds: "",
  concurrency: "",
};
/** Fields that take whole numbers only. */
const WHOLE: readonly (keyof CheckSettings)[] = [
  "maxDelaySeconds",
  "maxAttempts",
  "timeoutSeconds",
  "concurrency",
];

export const EMPTY_APP: AppDraft = {
  name: "",
  contact: "",
  checkUrl: "",
  checkAfterSeconds: "",
  check: NO_CHECK,
};

export function draftOf(app: AppFields): AppDraft {
  return {
    name: app.name,
    contact: app.contact ?? "",
    checkUrl: app.checkUrl ?? "",
    checkAfterSeconds: app.checkAfterSeconds ?? "",
    check: mapCheck((field) => app.check[field] ?? ""),
  };
}

/** The fields that cannot be stored as they stand. */
export function faultsOf(draft: AppDraft): Set<AppFault> {
  const { name, contact, checkUrl, checkAfterSeconds, check } = fieldsOf(draft);
  const faults = new Set<AppFault>();
  if (brokenRules(APP_NAME_RULES, name).length > 0) faults.add("name");
  if (contact !== null && contact.length > CONTACT_LENGTH) faults.add("contact");
  if (checkUrl !== null && !isCheckUrl(checkUrl)) faults.add("checkUrl");
  const { min, max } = CHECK_AFTER_SECONDS;
  const seconds = checkAfterSeconds;
  if (seconds !== null && !(Number.isInteger(seconds) && seconds >= min && seconds <= max))
    faults.add("checkAfterSeconds");
  for (const field of CHECK_FIELDS) {
    const value = check[field];
    const limits = CHECK_LIMITS[field];
    if (value === null) continue;
    const whole = !WHOLE.includes(field) || Number.isInteger(value);
    if (!(whole && value >= limits.min && value <= limits.max)) faults.add(field);
  }
  return faults;
}

/** The draft as it would be stored: trimmed, empty fields unset. */
export function fieldsOf({ name, contact, checkUrl, checkAfterSeconds, check }: AppDraft): AppFields {
  return {
    name,
    contact: contact.trim() || null,
    checkUrl: checkUrl.trim() || null,
    checkAfterSeconds: checkAfterSeconds === "" ? null : Number(checkAfterSeconds),
    check: mapCheck((field) => (check[field] === "" ? null : Number(check[field]))),
  };
}

function mapCheck<T>(valueOf: (field: keyof CheckSettings) => T): Record<keyof CheckSettings, T> {
  return Object.fromEntries(CHECK_FIELDS.map((field) => [field, valueOf(field)])) as Record<
    keyof CheckSettings,
    T
  >;
}

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
}

export interface AppFields {
  name: string;
  contact: string | null;
  checkUrl: string | null;
  checkAfterSeconds: number | null;
}

export const EMPTY_APP: AppDraft = { name: "", contact: "", checkUrl: "", checkAfterSeconds: "" };

export function draftOf(app: AppFields): AppDraft {
  return {
    name: app.name,
    contact: app.contact ?? "",
    checkUrl: app.checkUrl ?? "",
    checkAfterSeconds: app.checkAfterSeconds ?? "",
  };
}

/** The fields that cannot be stored as they stand. */
export function faultsOf(draft: AppDraft): Set<keyof AppDraft> {
  const { name, contact, checkUrl, checkAfterSeconds } = fieldsOf(draft);
  const faults = new Set<keyof AppDraft>();
  if (brokenRules(APP_NAME_RULES, name).length > 0) faults.add("name");
  if (contact !== null && contact.length > CONTACT_LENGTH) faults.add("contact");
  if (checkUrl !== null && !isCheckUrl(checkUrl)) faults.add("checkUrl");
  const { min, max } = CHECK_AFTER_SECONDS;
  const seconds = checkAfterSeconds;
  if (seconds !== null && !(Number.isInteger(seconds) && seconds >= min && seconds <= max))
    faults.add("checkAfterSeconds");
  return faults;
}

/** The draft as it would be stored: trimmed, empty fields unset. */
export function fieldsOf({ name, contact, checkUrl, checkAfterSeconds }: AppDraft): AppFields {
  return {
    name,
    contact: contact.trim() || null,
    checkUrl: checkUrl.trim() || null,
    checkAfterSeconds: checkAfterSeconds === "" ? null : Number(checkAfterSeconds),
  };
}

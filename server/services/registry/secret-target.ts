import type { SecretOf } from "../../auth/signing-secret.ts";
import { SurelayError } from "../../errors.ts";

/** How the audit log names whose secret it is. */
export function secretTarget(of: SecretOf): { targetKind: "app" | "subscription"; targetId: string } {
  return "app" in of
    ? { targetKind: "app", targetId: of.app }
    : { targetKind: "subscription", targetId: `${of.topic}/${of.subscription}` };
}

export function noSuchTarget(of: SecretOf): SurelayError {
  const { targetKind, targetId } = secretTarget(of);
  const what = targetKind === "app" ? "app" : "webhook subscription";
  return new SurelayError("not_found", `There is no ${what} ${JSON.stringify(targetId)}.`);
}

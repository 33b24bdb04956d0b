import {
  MAX_PASSWORD_LENGTH,
  MIN_PASSWORD_LENGTH,
  type PasswordFault,
  judgePassword,
} from "../../domain/judge-password.ts";
import { SurelayError } from "../../errors.ts";

const SAYS: Record<PasswordFault, string> = {
  too_short: `A password has ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters.`,
  too_long: `A password has ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters.`,
  holds_name: "A password must not hold the username.",
  too_common: "This password is one of the commonest.",
  too_plain: "This password repeats or counts on a few characters.",
};

/** @throws SurelayError `validation_failed` saying what is wrong with the password */
export function requireGoodPassword(password: string, username: string): void {
  const fault = judgePassword(password, username);
  if (fault !== null) throw new SurelayError("validation_failed", SAYS[fault]);
}

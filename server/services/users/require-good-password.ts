import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, judgePassword } from "../../domain/operator-account.ts";
import { SurelayError } from "../../errors.ts";

/** @throws SurelayError `validation_failed` saying what the password lacks */
export function requireGoodPassword(password: string): void {
  if (judgePassword(password) !== null)
    throw new SurelayError(
      "validation_failed",
      `A password has ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters.`,
    );
}

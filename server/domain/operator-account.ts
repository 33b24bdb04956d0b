/** Sign-in names: lower case, 2 to 30 characters. */
const USERNAME = /^[a-z0-9][a-z0-9._-]{1,29}$/;

export const MIN_PASSWORD_LENGTH = 12;
/** A longer one costs hashing time and adds nothing. */
export const MAX_PASSWORD_LENGTH = 128;

export type AccountFault = "username_form" | "password_too_short" | "password_too_long";

/** The form a sign-in name is stored and compared in. */
export function normaliseUsername(text: string): string {
  return text.trim().toLowerCase();
}

/** Whether the normalised text is a sign-in name. */
export function isUsername(text: string): boolean {
  return USERNAME.test(text);
}

/** What is wrong with a password to be set; null: nothing. Length alone is judged: rules of composition weaken choices. */
export function judgePassword(password: string): AccountFault | null {
  const length = [...password].length;
  if (length < MIN_PASSWORD_LENGTH) return "password_too_short";
  if (length > MAX_PASSWORD_LENGTH) return "password_too_long";
  return null;
}

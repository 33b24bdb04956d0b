export const MAX_USERNAME_LENGTH = 64;
/** Sign-in names: lower case, 2 to 64 characters; `@` and `+` because identity providers use addresses as names. */
const USERNAME = /^[a-z0-9][a-z0-9._@+-]{1,63}$/;

/** The form a sign-in name is stored and compared in. */
export function normaliseUsername(text: string): string {
  return text.trim().toLowerCase();
}

/** Whether the normalised text is a sign-in name. */
export function isUsername(text: string): boolean {
  return USERNAME.test(text);
}

import { hashPassword as scrypt, verifyPassword } from "better-auth/crypto";

/** The salted scrypt hash that sign-in compares with; off the main thread. */
export function hashPassword(password: string): Promise<string> {
  return scrypt(password);
}

/** Whether a password is the one behind a hash, in a time that does not tell. */
export function isPassword(password: string, hash: string): Promise<boolean> {
  return verifyPassword({ password, hash });
}

import { hashPassword as scrypt } from "better-auth/crypto";

/** The salted scrypt hash that sign-in compares with; off the main thread. */
export function hashPassword(password: string): Promise<string> {
  return scrypt(password);
}

import type { OperatorAuth } from "./operator-auth.ts";
import { type Permission, permissionsOf } from "./permissions.ts";

/** The person behind a request. */
export interface Operator {
  id: string;
  /** Sign-in name. */
  username: string;
  name: string;
  role: string | null;
  /** What the role may do; nothing while the password is a temporary one. */
  permissions: Permission[];
  /** The password was chosen by somebody else; it opens nothing until it is replaced. */
  mustChangePassword: boolean;
  /** Which of the operator's sessions this is; no secret. */
  sessionId: string;
}

/**
 * Who is signed in, read from the database with every request.
 * @returns null: nobody, an ended session, or a suspended account
 */
export async function readOperator(auth: OperatorAuth, headers: Headers): Promise<Operator | null> {
  const session = await auth.api.getSession({ headers });
  if (!session || session.user.banned) return null;
  const { id, username, name, role } = session.user;
  const mustChangePassword = session.user.mustChangePassword ?? false;
  return {
    id,
    username: username ?? name,
    name,
    role: role ?? null,
    permissions: mustChangePassword ? [] : permissionsOf(role),
    mustChangePassword,
    sessionId: session.session.id,
  };
}

import type { Queryable } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import {
  type AuditDetail,
  type AuditLine,
  type AuditPage,
  type AuditRead,
  findAuditLine,
  listAuditFacets,
  listAuditLines,
} from "../../store/audit-log.ts";

/** A page of the audit log, newest first. */
export function listAudit(db: Queryable, read: AuditRead): Promise<AuditPage<AuditLine>> {
  return listAuditLines(db, read);
}

/** One line with what it changed. @throws SurelayError `not_found` */
export async function readAudit(db: Queryable, id: string): Promise<AuditDetail> {
  const line = await findAuditLine(db, id);
  if (line === null) throw new SurelayError("not_found", "There is no such line in the audit log.");
  return line;
}

/** What there is to filter by. */
export function readAuditFacets(db: Queryable): ReturnType<typeof listAuditFacets> {
  return listAuditFacets(db);
}

/** One field of what was changed. `undefined`: the side does not hold it. */
export interface Change {
  /** Members of objects are joined by dots. */
  field: string;
  before: unknown;
  after: unknown;
  /** The two sides differ. */
  changed: boolean;
}

/** Objects are gone into this deep; below that they are one value. */
const DEPTH = 3;

/**
 * What an entry of the log says of a change, field by field: first what differs, each part in the order in which the
 * fields stand. With one side alone every field differs.
 */
export function listChanges(before: unknown, after: unknown): Change[] {
  const one = fieldsOf(before);
  const other = fieldsOf(after);
  const fields = [...new Set([...one.keys(), ...other.keys()])];
  const changes = fields.map((field) => {
    const [was, is] = [one.get(field), other.get(field)];
    return { field, before: was, after: is, changed: JSON.stringify(was) !== JSON.stringify(is) };
  });
  return [...changes.filter(({ changed }) => changed), ...changes.filter(({ changed }) => !changed)];
}

function fieldsOf(value: unknown): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  collect(value, "", DEPTH, fields);
  return fields;
}

function collect(value: unknown, path: string, depth: number, into: Map<string, unknown>): void {
  if (value === null || value === undefined) {
    if (path !== "") into.set(path, value);
    return;
  }
  const members =
    typeof value === "object" && !Array.isArray(value) && depth > 0 ? Object.entries(value) : [];
  if (members.length === 0) {
    into.set(path === "" ? "value" : path, value);
    return;
  }
  for (const [name, member] of members)
    collect(member, path === "" ? name : `${path}.${name}`, depth - 1, into);
}

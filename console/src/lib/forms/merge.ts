// Three versions of an object's fields become one: those that only one side changed are taken from that side;
// those that both changed differently collide, and a person chooses. Knows no form and no server.

export type Fields = Record<string, unknown>;

export interface Collision {
  field: string;
  then: unknown;
  theirs: unknown;
  yours: unknown;
}

export interface Merged<T extends Fields> {
  /** Where both changed a field, it has yours. */
  values: T;
  collisions: Collision[];
  /** Changed by them alone. */
  taken: string[];
}

export function merge<T extends Fields>(versions: { then: T; theirs: T; yours: T }): Merged<T> {
  const { then, theirs, yours } = versions;
  const merged: Merged<T> = { values: { ...yours }, collisions: [], taken: [] };
  const [before, other] = [new Map(Object.entries(then)), new Map(Object.entries(theirs))];
  for (const [field, your] of Object.entries(yours)) {
    const [was, their] = [before.get(field), other.get(field)];
    if (isSame(their, was) || isSame(their, your)) continue;
    if (isSame(your, was)) {
      merged.taken.push(field);
      Object.assign(merged.values, { [field]: their });
    } else {
      merged.collisions.push({ field, then: was, theirs: their, yours: your });
    }
  }
  return merged;
}

export function changedFields(before: Fields, after: Fields): string[] {
  const was = new Map(Object.entries(before));
  return Object.entries(after).flatMap(([field, value]) => (isSame(was.get(field), value) ? [] : [field]));
}

/** For values as JSON has them; the order of keys is none of their meaning. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [left, right] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  return left.size === right.size && [...left].every(([key, value]) => right.has(key) && isSame(value, right.get(key)));
}

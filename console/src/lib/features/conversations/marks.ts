// How far each participant is, as marks at places of the log: who stands at which message, and by what. Nothing
// here is shown.
import type { Progress, ProgressGroups } from '#lib/api/shapes.ts';

export const progressFields = ['read', 'seen', 'delivered', 'pushed'] as const;
export type ProgressField = (typeof progressFields)[number];

export interface Mark {
  /** The farthest first: who has read a message has seen it, too. */
  fields: ProgressField[];
  userId?: string;
  /** Of a group. */
  users?: number;
}

/** By seq. What somebody has at no message of the log has no mark. */
export function marksOf(people: readonly Progress[], headSeq: number): ReadonlyMap<number, readonly Mark[]> {
  const marks = new Map<number, Mark[]>();
  for (const person of people) {
    const bySeq = new Map<number, ProgressField[]>();
    let before = 0;
    for (const field of progressFields) {
      const seq = Math.min(person[field], headSeq);
      // What is weaker and no farther says nothing more.
      if (seq <= before) continue;
      before = Math.max(before, seq);
      bySeq.set(seq, [...(bySeq.get(seq) ?? []), field]);
    }
    for (const [seq, fields] of bySeq) add(marks, seq, { fields, userId: person.userId });
  }
  return marks;
}

/** Each group at the message that its first are at. */
export function marksOfGroups({ read }: ProgressGroups): ReadonlyMap<number, readonly Mark[]> {
  const marks = new Map<number, Mark[]>();
  for (const { to, users } of read) if (to > 0) add(marks, to, { fields: ['read'], users });
  return marks;
}

function add(marks: Map<number, Mark[]>, seq: number, mark: Mark): void {
  marks.set(seq, [...(marks.get(seq) ?? []), mark]);
}

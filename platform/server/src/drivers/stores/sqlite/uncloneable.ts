// Finds the calls of a batch that can't be sent to another thread, by what they hold. Not the sending:
// client.ts.

interface Argued {
  args: readonly unknown[];
}

export function separateUncloneable<T extends Argued>(
  batch: readonly T[],
): { sound: T[]; broken: { pending: T; reason: Error }[] } {
  const sound: T[] = [];
  const broken: { pending: T; reason: Error }[] = [];
  for (const pending of batch) {
    try {
      structuredClone(pending.args);
      sound.push(pending);
    } catch (error) {
      broken.push({ pending, reason: error instanceof Error ? error : new Error(String(error)) });
    }
  }
  return { sound, broken };
}

// Data of a notification for services that carry strings only. Which names a service keeps for itself, its
// plugin knows.

/** Strings stay as they are; anything else becomes its JSON. What JSON cannot say is left out. */
export function asStrings(data: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(data).flatMap(([name, value]): [string, string][] => {
    const text = typeof value === 'string' ? value : (JSON.stringify(value) as string | undefined);
    return text === undefined ? [] : [[name, text.toWellFormed()]];
  });
  return Object.fromEntries(entries);
}

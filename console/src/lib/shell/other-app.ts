// The address of a screen in another app: the same screen, with those parameters that mean the same there. Ids,
// patterns and cursors mean nothing in it.

const common: ReadonlySet<string> = new Set(['range', 'cols', 'sort', 'device', 'visible', 'reason', 'status']);

/** `start`: of the other app. `screen`: of the present one; undefined outside of apps. */
export function inOtherApp(start: string, screen: string | undefined, params: Iterable<[string, string]>): string {
  if (screen === undefined) return start;
  const kept = new URLSearchParams([...params].filter(([name]) => common.has(name))).toString();
  return `${start}/${screen}${kept === '' ? '' : `?${kept}`}`;
}

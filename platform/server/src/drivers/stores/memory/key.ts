// One text of several, for maps of maps that would otherwise nest. Not an id: nobody stores it.

/** JSON keeps ("a", "bc") and ("ab", "c") apart. */
export function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

/** Whether the key is one of these parts and others after them. */
export function beginsWith(key: string, ...parts: readonly string[]): boolean {
  return key.startsWith(`${keyOf(...parts).slice(0, -1)},`);
}

// One text of several, for maps of maps that would otherwise nest. Not an id: nobody stores it.

/** JSON keeps ("a", "bc") and ("ab", "c") apart. */
export function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

// Origins as lines of a field, and back. Whether one is an origin is the server's to say.

export function originLines(origins: readonly string[]): string {
  return origins.join('\n');
}

/**
 * Pasted from anywhere: one a line, or with commas and blanks between them; a slash at the end says nothing.
 */
export function originsOf(text: string): string[] {
  const all = text
    .split(/[\s,;]+/)
    .map((each) => each.trim().replace(/\/$/, ''))
    .filter((each) => each !== '');
  return [...new Set(all)];
}

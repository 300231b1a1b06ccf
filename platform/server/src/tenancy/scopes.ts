// Whether the scopes of an API key allow something. Which route needs which is http's.

/**
 * `*` allows everything, `messages:*` all of messages; otherwise the scope itself must be there: write does
 * not imply read.
 */
export function hasScope(scopes: readonly string[], needed: string): boolean {
  const [resource = ''] = needed.split(':');
  return scopes.some((scope) => scope === '*' || scope === needed || scope === `${resource}:*`);
}

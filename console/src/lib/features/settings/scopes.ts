// What an API key may do, as a person chooses it: all, or for each resource nothing, reading, or both.

export const resources = [
  'conversations',
  'messages',
  'broadcasts',
  'devices',
  'users',
  'pages',
  'tokens',
  'hooks',
  'connections',
  'uploads',
] as const;
export type Resource = (typeof resources)[number];
export type Right = 'none' | 'read' | 'write' | 'both';

export function scopesOf(rights: ReadonlyMap<Resource, Right>): string[] {
  return resources.flatMap((resource) => {
    const right = rights.get(resource) ?? 'none';
    if (right === 'none') return [];
    return [`${resource}:${right === 'both' ? '*' : right}`];
  });
}

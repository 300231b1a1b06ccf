// What an API key may do, as a person chooses it: all, or for each resource nothing, reading, or both.
import { apiResources } from '@belfry/protocol';

export type Resource = (typeof apiResources)[number];
export type Right = 'none' | 'read' | 'write' | 'both';

export function scopesOf(rights: ReadonlyMap<Resource, Right>): string[] {
  return apiResources.flatMap((resource) => {
    const right = rights.get(resource) ?? 'none';
    if (right === 'none') return [];
    return [`${resource}:${right === 'both' ? '*' : right}`];
  });
}

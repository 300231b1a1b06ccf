import { apiResources, apiScopes } from '@belfry/protocol';
import { expect, test } from 'vitest';
import { scopesOf } from './scopes.ts';

test('every resource that a key may have rights to can be chosen', () => {
  const known = new Set(apiScopes.filter((scope) => scope !== '*').map((scope) => scope.split(':')[0]));
  expect(new Set<string | undefined>(apiResources)).toEqual(known);
});

test('rights become scopes, in the order of the resources', () => {
  const rights = new Map([
    ['users', 'read'],
    ['messages', 'both'],
    ['hooks', 'none'],
    ['tokens', 'write'],
  ] as const);
  expect(scopesOf(rights)).toEqual(['messages:*', 'users:read', 'tokens:write']);
});

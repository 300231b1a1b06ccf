// The most specific policy wins, whatever the order of policies and the spelling of the path.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizePath } from './page-path.ts';
import { builtInDefaultPolicy, findPolicy, isUnder, resolvePage, sortPolicies } from './page-resolution.ts';
import { pagePolicyInputSchema, patternSchema, type WirePagePolicy } from './pages.ts';

function policy(pattern: string, version = 1): WirePagePolicy {
  return { ...builtInDefaultPolicy, pattern, enabled: true, version };
}

function winner(patterns: string[], path: string): string {
  return resolvePage(
    patterns.map((pattern) => policy(pattern)),
    path,
  ).policy.pattern;
}

describe('of the policies that match', () => {
  const all = [
    'default',
    '/*',
    '/chat/*',
    '/chat/:id',
    '/chat/new',
    '/chat',
    '/:section/:id',
    '/chat/:id/files/*',
    '/',
  ];

  it.each([
    ['/', '/'],
    ['/chat', '/chat'],
    ['/chat/new', '/chat/new'],
    ['/chat/7', '/chat/:id'],
    ['/chat/7/members', '/chat/*'],
    ['/chat/7/files', '/chat/:id/files/*'],
    ['/chat/7/files/a/b', '/chat/:id/files/*'],
    ['/shop/7', '/:section/:id'],
    ['/shop/7/x', '/*'],
  ])('for %s it is %s', (path, pattern) => {
    expect(winner(all, path)).toBe(pattern);
  });

  it('more literal segments win over a parameter that fits exactly', () => {
    expect(winner(['/:a/:b', '/admin/*'], '/admin/5')).toBe('/admin/*');
  });

  it('the longer prefix wins', () => {
    expect(winner(['/admin/*', '/admin/users/*', '/*'], '/admin/users/1')).toBe('/admin/users/*');
    expect(winner(['/a/*', '/a/:x/*'], '/a/b')).toBe('/a/:x/*');
  });

  it('the one whose literal comes first wins', () => {
    expect(winner(['/:x/a', '/a/:x'], '/a/a')).toBe('/a/:x');
  });

  it('a prefix holds for its own root too', () => {
    expect(winner(['/admin/*', 'default'], '/admin')).toBe('/admin/*');
    expect(winner(['/admin/*', 'default'], '/administrator')).toBe('default');
  });
});

describe('a path that nothing matches', () => {
  it("falls under the app's default", () => {
    expect(winner(['/chat', 'default'], '/x')).toBe('default');
  });

  it('has no WebSocket when there is no default either', () => {
    const { policy: found, why, candidates } = resolvePage([policy('/chat')], '/x');
    expect(found).toEqual(builtInDefaultPolicy);
    expect(found.enabled).toBe(false);
    expect(why).toContain('no pattern matches');
    expect(candidates).toEqual([
      { pattern: '/chat', rank: 1, matched: false },
      { pattern: 'default', rank: 2, matched: true },
    ]);
  });
});

it('says why a policy won', () => {
  expect(resolvePage([policy('/chat')], '/chat/').why).toBe('the path is exactly /chat');
  expect(resolvePage([policy('/chat/*')], '/chat/1').why).toContain('1 literal segment,');
});

describe('the resolution, for any policies and path,', () => {
  const word = fc.constantFrom('a', 'b', 'chat', 'ä');
  const pattern = fc.oneof(
    { weight: 1, arbitrary: fc.constant('default') },
    {
      weight: 9,
      arbitrary: fc
        .tuple(fc.array(fc.oneof(word, fc.constant(':p')), { maxLength: 4 }), fc.boolean())
        .map(([segments, star]) => `/${[...segments, ...(star ? ['*'] : [])].join('/')}`),
    },
  );
  const policies = fc.array(
    fc
      .tuple(pattern, fc.integer({ min: 1, max: 2 }), fc.boolean())
      .map(([p, v, enabled]) => ({ ...policy(p, v), enabled })),
    { maxLength: 8 },
  );
  const path = fc.array(word, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`);

  it('does not depend on their order', () => {
    fc.assert(
      fc.property(policies, path, fc.infiniteStream(fc.nat()), (given, where, random) => {
        const shuffled = given
          .map((item) => ({ item, key: random.next().value ?? 0 }))
          .toSorted((x, y) => x.key - y.key)
          .map(({ item }) => item);
        expect(resolvePage(shuffled, where)).toEqual(resolvePage(given, where));
      }),
    );
  });

  it('is the same for every spelling of the path', () => {
    fc.assert(
      fc.property(policies, path, (given, where) => {
        const found = resolvePage(given, where);
        for (const spelling of [
          `${where}/`,
          `/${where}`,
          encodeURI(where),
          `${where}?q=/a#b`,
          `/x/..${where}`,
          `https://h.example${where}`,
        ]) {
          expect(resolvePage(given, spelling)).toEqual(found);
        }
      }),
    );
  });

  it('is the first candidate that matched', () => {
    fc.assert(
      fc.property(policies, path, (given, where) => {
        const { policy: found, candidates } = resolvePage(given, where);
        expect(candidates.find((candidate) => candidate.matched)?.pattern).toBe(found.pattern);
        expect(candidates.map((candidate) => candidate.rank)).toEqual(candidates.map((_, index) => index + 1));
      }),
    );
  });

  it('is the policy that findPolicy finds in their order, for which browsers load less code', () => {
    fc.assert(
      fc.property(policies, path, (given, where) => {
        const { policy: found, candidates } = resolvePage(given, where);
        expect(findPolicy(sortPolicies(given), where)).toEqual(found);
        for (const each of candidates) expect(isUnder(each.pattern, where)).toBe(each.matched);
      }),
    );
  });

  it('picks an exact pattern whenever there is one', () => {
    fc.assert(
      fc.property(policies, path, (given, where) => {
        expect(resolvePage([...given, policy(where, 9)], where).policy.version).toBe(9);
      }),
    );
  });
});

describe('a path', () => {
  it.each([
    ['', '/'],
    ['chat', '/chat'],
    ['/chat/?a=1', '/chat'],
    ['/chat#/x', '/chat'],
    ['//chat///7//', '/chat/7'],
    ['/a/./b/../c', '/a/c'],
    ['/../../etc', '/etc'],
    ['/a/%2e%2e/b', '/b'],
    ['/caf%C3%A9', '/café'],
    ['/a%2Fb', '/a%2Fb'],
    ['/..%2fadmin', '/..%2Fadmin'],
    ['/100%', '/100%25'],
    ['/%zz', '/%25zz'],
    ['/a%00b', '/a%00b'],
    ['https://example.org/chat?x', '/chat'],
    ['//evil.example/chat', '/evil.example/chat'],
  ])('%j is %j', (given, canonical) => {
    expect(normalizePath(given)).toBe(canonical);
  });

  it('is canonical after one normalization, whatever it was', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[/%.a-f0-9?#:\\]{0,40}$/)), (text) => {
        const once = normalizePath(text);
        expect(normalizePath(once)).toBe(once);
        expect(once.startsWith('/')).toBe(true);
        expect(once.split('/')).not.toContain('..');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a pattern', () => {
  it.each(['default', '/', '/*', '/chat', '/chat/:id', '/a/:id/*', '/café', '/a%2Fb'])('may be %s', (pattern) => {
    expect(patternSchema.safeParse(pattern).success).toBe(true);
  });

  it.each([
    ['', 'must begin with /'],
    ['chat', 'must begin with /'],
    ['/chat/', 'must be written as /chat'],
    ['/caf%C3%A9', 'must be written as /café'],
    ['/a/../b', 'must be written as /b'],
    ['/a?b', 'must be written as /a'],
    ['/:', 'a parameter is'],
    ['/:a-b', 'a parameter is'],
    ['/*/a', 'a star may only be'],
    ['/a*', 'a star may only be'],
  ])('may not be %j', (pattern, problem) => {
    expect(patternSchema.safeParse(pattern).error?.issues[0]?.message).toContain(problem);
  });

  it('is all a policy needs besides being on or off', () => {
    expect(pagePolicyInputSchema.parse({ pattern: '/login', enabled: false })).toEqual({
      pattern: '/login',
      enabled: false,
      requireAuth: true,
      autoConnect: true,
      connectionType: 'default',
      features: [],
    });
    expect(pagePolicyInputSchema.safeParse({ pattern: '/x', enabled: true, feature: [] }).success).toBe(false);
  });
});

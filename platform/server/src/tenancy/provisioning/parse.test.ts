// What a provision file may say, and each mistake with its path. What is done with it: provisioning.test.ts.
import { describe, expect, test } from 'vitest';
import { parseProvisioning } from './parse.ts';
import { clinic, planOf, problemsOf } from './provisioning.fixture.ts';

describe('reading the provision file', () => {
  test('takes every field, in YAML and in JSON alike', () => {
    const parsed = parseProvisioning(clinic, 'clinic.yaml');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(parsed.plan.tenants[0]?.apps[0]).toMatchObject({
      key: 'demo',
      settings: { waitMs: 3000, deliveredMeans: 'any' },
      pages: [{ pattern: '/chat' }, { pattern: '/login', requireAuth: true, features: [] }],
      kinds: [{ kind: 'lab_result', durable: 'inbox' }],
      providers: [{ id: 'hook', plugin: 'webhook', enabled: true }],
      hooks: [{ id: 'lab', enabled: true }],
    });
    expect(parsed.warnings).toEqual([]);
    expect(planOf(JSON.stringify(parsed.plan), 'clinic.JSON')).toEqual(parsed.plan);
  });

  test('reports all mistakes at once, each with its path', () => {
    const text = `
tenants:
  - id: clinic
    nmae: Clinic
    apps:
      - key: bad key
        signingSecret: short
        jwksUrl: http://login.example.com/jwks
        apiKeys: [{ id: a, secret: nope, scopes: [everything] }]
        allowedOrigins: ["https://example.com/path"]
        settings: { waitMs: -1, deliveredMeans: never }
        pages: [{ pattern: chat, enabled: yes please }]
        kinds: [{ kind: message, action: m, audience: inbox }]
        providers: [{ id: hook, plugin: Web Hook }]
        hooks: [{ id: lab, secret: x, mapping: "" }]
      - key: nobody
`;
    expect(
      problemsOf(text)
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual(
      [
        'tenants[0].nmae',
        'tenants[0].apps[0].key',
        'tenants[0].apps[0].signingSecret',
        'tenants[0].apps[0].jwksUrl',
        'tenants[0].apps[0].apiKeys[0].secret',
        'tenants[0].apps[0].apiKeys[0].scopes[0]',
        'tenants[0].apps[0].allowedOrigins[0]',
        'tenants[0].apps[0].settings.waitMs',
        'tenants[0].apps[0].settings.deliveredMeans',
        'tenants[0].apps[0].pages[0].pattern',
        'tenants[0].apps[0].pages[0].enabled',
        'tenants[0].apps[0].kinds[0].kind',
        'tenants[0].apps[0].providers[0].plugin',
        'tenants[0].apps[0].hooks[0].secret',
        'tenants[0].apps[0].hooks[0].mapping',
        'tenants[0].apps[1].signingSecret',
      ].toSorted(),
    );
  });

  test('no problem repeats a secret', () => {
    const text = clinic.replace('at-least-32-bytes-of-text-and-some-more', 'hunter2').replace('bk_backend', 'hunter2');
    expect(problemsOf(text)).toHaveLength(2);
    expect(JSON.stringify(problemsOf(text))).not.toContain('hunter2');
  });

  const app = (key: string, more = '') => `{ key: ${key}, jwksUrl: "https://l.example/j"${more} }`;
  const secret = 'bk_a_0123456789abcdef0123456789abcdef';
  test.each([
    ['tenants', `tenants: [{ id: a }, { id: a }]`, 'tenants[1].id'],
    [
      'app keys of two tenants',
      `tenants: [{ id: a, apps: [${app('x')}] }, { id: b, apps: [${app('x')}] }]`,
      'tenants[1].apps[0].key',
    ],
    [
      'pages',
      `tenants: [{ id: a, apps: [${app('x', ', pages: [{ pattern: /a, enabled: true }, { pattern: /a, enabled: false }]')}] }]`,
      'tenants[0].apps[0].pages[1].pattern',
    ],
    [
      'API keys of two apps',
      `tenants: [{ id: a, apps: [${['x', 'y'].map((key) => app(key, `, apiKeys: [{ id: k, secret: ${secret}, scopes: ["*"] }]`)).join(', ')}] }]`,
      'tenants[0].apps[1].apiKeys[0].secret',
    ],
  ])('%s must not be there twice', (_, text, path) => {
    expect(problemsOf(text)).toMatchObject([{ path }]);
  });

  test.each([
    ['broken YAML', 'tenants: [', 'p.yaml', /^line \d+, column \d+$/],
    ['a key twice in YAML', 'tenants: []\ntenants: []', 'p.yaml', /^line 2, column 1$/],
    ['broken JSON', '{', 'p.json', /^\(file\)$/],
    ['a list', '[]', 'p.json', /^\(file\)$/],
    ['nothing', '', 'p.yaml', /^\(file\)$/],
    ['a key of the language', '{"__proto__": {"tenants": []}}', 'p.json', /^__proto__$/],
    [
      'a bomb of aliases',
      `a: &a [x]\n${'b c d e f g h i j'
        .split(' ')
        .map((n, i) => `${n}: &${n} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(', ')}]`)
        .join('\n')}`,
      'p.yaml',
      /^\(file\)$/,
    ],
  ])('%s is a problem, not a crash', (_, text, name, path) => {
    expect(problemsOf(text, name)[0]?.path).toMatch(path);
  });

  test.each([
    ['https://login.example.com/jwks', true],
    ['http://127.0.0.1:3000/jwks', true],
    ['http://localhost/jwks', true],
    ['http://login.example.com/jwks', false],
    ['http://127.0.0.1.example.com/jwks', false],
    ['https://user:pw@login.example.com/jwks', false],
    ['file:///etc/passwd', false],
  ])('the JWKS URL %s: %s', (url, isGood) => {
    expect(problemsOf(`tenants: [{ id: a, apps: [{ key: x, jwksUrl: "${url}" }] }]`)).toHaveLength(isGood ? 0 : 1);
  });
});

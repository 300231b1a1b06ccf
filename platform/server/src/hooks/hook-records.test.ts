import { newWebhookSecret } from '@belfry/plugin-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newApp } from '../../test/support/samples.ts';
import { createHooksUnderTest, createTestMapper, labMapping, type HooksUnderTest } from './test/hooks.fixture.ts';
import type { Mapper } from './mapping/mapper.ts';

let mapper: Mapper;
let hooks: HooksUnderTest;
beforeAll(() => {
  mapper = createTestMapper();
});
afterAll(() => mapper.close());
beforeEach(() => {
  hooks = createHooksUnderTest(mapper);
});

const make = async (id = 'lab') => {
  const { secret = '' } = await hooks.records.put(hooks.app, id, { mapping: labMapping });
  return secret;
};
const verifies = async (secret: string, hookId = 'lab') =>
  (await hooks.verify(hooks.request('evt_1', '{}', { secret, hookId }))) !== undefined;

describe('a hook', () => {
  it('is made with a secret that is shown once and kept sealed', async () => {
    const made = await hooks.records.put(hooks.app, 'lab', { mapping: labMapping });
    expect(made).toMatchObject({
      created: true,
      secret: expect.stringMatching(/^whsec_.{44}$/),
      hook: {
        id: 'lab',
        path: '/hooks/lab',
        enabled: true,
        managed: false,
        secrets: [{ createdAt: expect.any(String) }],
      },
    });
    expect(JSON.stringify(await hooks.stores.hooks.list(hooks.app))).not.toContain(made.secret?.slice(6));
    expect(await hooks.records.put(hooks.app, 'lab', { mapping: '$', enabled: false })).not.toHaveProperty('secret');
    expect(await hooks.records.get(hooks.app, 'lab')).toMatchObject({ mapping: '$', enabled: false });
    expect(await hooks.records.put(hooks.app, 'lab', { mapping: labMapping })).toMatchObject({
      hook: { enabled: false },
    });
  });

  it('takes the secret that its sender brings, when it is made and not later', async () => {
    const secret = newWebhookSecret();
    expect(await hooks.records.put(hooks.app, 'lab', { mapping: '$', secret })).toMatchObject({ secret });
    expect(await verifies(secret)).toBe(true);
    await expect(hooks.records.put(hooks.app, 'lab', { mapping: '$', secret })).rejects.toMatchObject({
      code: 'invalid_body',
      path: ['secret'],
    });
  });

  it('has no mapping that does not compile', async () => {
    await expect(hooks.records.put(hooks.app, 'lab', { mapping: '{' })).rejects.toMatchObject({
      code: 'invalid_body',
      path: ['mapping'],
    });
    await expect(hooks.records.get(hooks.app, 'lab')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('has an id that no other app can have, until it is taken away', async () => {
    await make();
    const other = newApp();
    await expect(hooks.records.put(other, 'lab', { mapping: '$' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(hooks.records.get(other, 'lab')).rejects.toMatchObject({ code: 'not_found' });
    await expect(hooks.records.remove(other, 'lab')).rejects.toMatchObject({ code: 'not_found' });
    await hooks.inbound.accept(await hooks.webhook('evt_1', { patient: 'bob', text: 'x' }));
    await hooks.records.remove(hooks.app, 'lab');
    expect(await hooks.rows()).toEqual([]);
    expect(await hooks.records.put(other, 'lab', { mapping: '$' })).toMatchObject({ created: true });
  });

  it('is changed by one of two that change it at once', async () => {
    await make();
    const rotations = await Promise.allSettled(
      [1, 2].map(() => hooks.records.rotate(hooks.app, 'lab', { overlapMs: 0 })),
    );
    expect(rotations.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('a rotation', () => {
  it('makes a new secret at once, and lets the old one go when its time is over', async () => {
    const old = await make();
    const { secret: fresh = '', hook } = await hooks.records.rotate(hooks.app, 'lab', { overlapMs: 60_000 });
    expect(hook.secrets).toHaveLength(2);
    expect([await verifies(old), await verifies(fresh)]).toEqual([true, true]);
    await hooks.clock.advance(59_000);
    expect([await verifies(old), await verifies(fresh)]).toEqual([true, true]);
    await hooks.clock.advance(1000);
    expect([await verifies(old), await verifies(fresh)]).toEqual([false, true]);
    expect((await hooks.records.get(hooks.app, 'lab')).secrets).toHaveLength(1);
  });

  it('within a rotation keeps every secret that is still promised, and without an overlap none', async () => {
    const first = await make();
    const { secret: second = '' } = await hooks.records.rotate(hooks.app, 'lab', { overlapMs: 60_000 });
    const { secret: third = '' } = await hooks.records.rotate(hooks.app, 'lab', { overlapMs: 120_000 });
    expect(await Promise.all([first, second, third].map((secret) => verifies(secret)))).toEqual([true, true, true]);
    await hooks.clock.advance(60_000);
    expect(await Promise.all([first, second, third].map((secret) => verifies(secret)))).toEqual([false, true, true]);
    const { secret: leaked = '' } = await hooks.records.rotate(hooks.app, 'lab', { overlapMs: 0 });
    expect(await Promise.all([second, third, leaked].map((secret) => verifies(secret)))).toEqual([false, false, true]);
  });
});

describe('the permission to send', () => {
  it('is nobody’s for a hook that is not there, is off, or of an app that is off', async () => {
    const secret = await make();
    expect(await verifies(secret)).toBe(true);
    expect(await verifies(secret, 'none')).toBe(false);
    await hooks.records.put(hooks.app, 'lab', { mapping: labMapping, enabled: false });
    expect(await verifies(secret)).toBe(false);
    await hooks.records.put(hooks.app, 'lab', { mapping: labMapping, enabled: true });
    expect(await verifies(secret)).toBe(true);
    hooks.disabled.add(hooks.app);
    expect(await verifies(secret)).toBe(false);
  });

  it('is not given by the secret of another hook', async () => {
    const other = await make('other');
    await make();
    expect(await verifies(other)).toBe(false);
    expect(await verifies(other, 'other')).toBe(true);
  });
});

describe('a hook of the provision file', () => {
  const secret = newWebhookSecret();
  const planned = { id: 'lab', secret, mapping: labMapping, enabled: true };

  it("is written once, is changed in the file alone, and is the app's when the file no longer names it", async () => {
    await hooks.managed.put(hooks.app, planned);
    await hooks.managed.put(hooks.app, planned);
    expect(await hooks.records.record(hooks.app, 'lab')).toMatchObject({ version: 1, managed: true });
    expect(await verifies(secret)).toBe(true);
    for (const change of [
      hooks.records.put(hooks.app, 'lab', { mapping: '$' }),
      hooks.records.rotate(hooks.app, 'lab', { overlapMs: 0 }),
      hooks.records.remove(hooks.app, 'lab'),
    ]) {
      await expect(change).rejects.toMatchObject({ code: 'managed_by_file', status: 409 });
    }
    await hooks.managed.release(hooks.app, new Set(['lab']));
    expect(await hooks.records.get(hooks.app, 'lab')).toMatchObject({ managed: true });
    await hooks.managed.release(hooks.app, new Set());
    expect(await hooks.records.put(hooks.app, 'lab', { mapping: '$' })).toMatchObject({
      created: false,
      hook: { managed: false },
    });
    expect(await verifies(secret)).toBe(true);
  });

  it('verifies with the previous secret for as long as the file has it', async () => {
    const fresh = newWebhookSecret();
    await hooks.managed.put(hooks.app, planned);
    await hooks.managed.put(hooks.app, { ...planned, secret: fresh, previousSecret: secret });
    expect([await verifies(secret), await verifies(fresh)]).toEqual([true, true]);
    await hooks.managed.put(hooks.app, { ...planned, secret: fresh });
    expect([await verifies(secret), await verifies(fresh)]).toEqual([false, true]);
  });

  it('takes the place of one that the app had made itself', async () => {
    const own = await make();
    await hooks.managed.put(hooks.app, { ...planned, enabled: false });
    expect(await hooks.records.get(hooks.app, 'lab')).toMatchObject({ managed: true, enabled: false });
    await hooks.managed.put(hooks.app, planned);
    expect([await verifies(own), await verifies(secret)]).toEqual([false, true]);
    expect(await hooks.managed.ownerOf('lab')).toBe(hooks.app);
    expect(await hooks.managed.ownerOf('none')).toBeUndefined();
    expect(await hooks.managed.checkMapping('{')).toEqual(expect.any(String));
  });
});

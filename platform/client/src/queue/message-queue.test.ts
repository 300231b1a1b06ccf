// The queue: order, once, from one tab, through failures and reloads. Two tabs: two-tabs.test.ts; property
// over all schedules: message-order.test.ts.
import { describe as group, expect, it } from 'vitest';
import { states, useQueueScene } from '../../test/support/queue-scene.ts';
import { text } from '../../test/support/queue-server.ts';

const { scene, open } = useQueueScene();

group('sending', () => {
  it('is published as queued, then as sent with its place, and is in the queue no more', async () => {
    const tab = open();
    expect(tab.outbox.add({ ...text('c1', 'one'), cid: 'x' })).toMatchObject({ cid: 'x', state: 'queued' });
    await scene.clock.advance(0);
    expect(tab.changes).toEqual(['one queued', 'one sent']);
    expect(tab.messages.map(({ sent }) => sent)).toEqual([
      undefined,
      { messageId: 'm-x', seq: 1, timestamp: '2026-01-01T00:00:00.000Z' },
    ]);
    expect(states(tab)).toEqual([]);
    expect(await scene.browser.storage.load('demo/alice')).toEqual([]);
  });

  it('waits without a connection and goes out in order when there is one', async () => {
    const tab = open({ ready: false });
    for (const said of ['one', 'two', 'three']) tab.outbox.add(text('c1', said));
    await scene.clock.advance(60_000);
    expect(scene.server.frames).toEqual([]);
    tab.ready(true);
    await scene.clock.advance(0);
    expect(scene.server.stored('c1')).toEqual(['one', 'two', 'three']);
  });

  it('keeps the order when an answer is lost, and stores the message once', async () => {
    const tab = open();
    scene.server.plan.push('lost-after', 'lost-before');
    for (const said of ['one', 'two']) tab.outbox.add(text('c1', said));
    await scene.clock.advance(0);
    expect(states(tab)).toEqual(['one queued', 'two queued']);
    tab.ready(true);
    await scene.clock.advance(10_000);
    expect(scene.server.stored('c1')).toEqual(['one', 'two']);
    expect(scene.server.frames).toEqual(['A: one', 'A: one', 'A: two']);
  });

  it('does not hold up another conversation for one that fails', async () => {
    const tab = open();
    scene.server.plan.push('same');
    tab.outbox.add(text('c1', 'one'));
    tab.outbox.add(text('c1', 'two'));
    tab.outbox.add(text('c2', 'other'));
    await scene.clock.advance(0);
    expect([scene.server.stored('c1'), scene.server.stored('c2')]).toEqual([[], ['other']]);
    await scene.clock.advance(1000);
    expect(scene.server.stored('c1')).toEqual(['one', 'two']);
  });

  it('waits as long as the server says', async () => {
    const tab = open();
    scene.server.plan.push('after');
    tab.outbox.add(text('c1', 'one'));
    await scene.clock.advance(799);
    expect(scene.server.frames).toEqual(['A: one']);
    await scene.clock.advance(1);
    expect(scene.server.stored('c1')).toEqual(['one']);
  });

  it('waits longer with each failure, and not for ever', async () => {
    const tab = open();
    scene.server.plan.push(...Array.from({ length: 20 }, () => 'same' as const));
    tab.outbox.add(text('c1', 'one'));
    await scene.clock.advance(15_000);
    expect(scene.server.frames.length).toBeGreaterThan(3);
    expect(scene.server.frames.length).toBeLessThan(7);
    await scene.clock.advance(20 * 30_000);
    expect(scene.server.stored('c1')).toEqual(['one']);
  });

  it('gives up a message that the server refuses for good, and goes on with the next', async () => {
    const tab = open();
    scene.server.plan.push('never');
    const { cid } = tab.outbox.add(text('c1', 'bad'));
    tab.outbox.add(text('c1', 'good'));
    await scene.clock.advance(0);
    expect(states(tab)).toEqual(['bad failed invalid_content']);
    expect(scene.server.stored('c1')).toEqual(['good']);
    tab.outbox.retry(cid);
    await scene.clock.advance(0);
    expect(scene.server.stored('c1')).toEqual(['good', 'bad']);
    expect(states(tab)).toEqual([]);
  });

  it('takes the same cid for the same message', async () => {
    const tab = open({ ready: false });
    tab.outbox.add({ ...text('c1', 'one'), cid: 'x' });
    tab.outbox.add({ ...text('c1', 'one'), cid: 'x' });
    expect(states(tab)).toEqual(['one queued']);
  });

  it('does not see what the application does to its draft later', async () => {
    const tab = open({ ready: false });
    const draft = text('c1', 'one');
    tab.outbox.add(draft);
    draft.content['text'] = 'changed';
    expect(states(tab)).toEqual(['one queued']);
  });

  it('takes back a message that is not on its way yet', async () => {
    const tab = open();
    scene.server.plan.push('hang');
    const first = tab.outbox.add(text('c1', 'one'));
    const second = tab.outbox.add(text('c1', 'two'));
    await scene.clock.advance(0);
    expect(await tab.outbox.cancel(first.cid)).toBe(false);
    expect(await tab.outbox.cancel(second.cid)).toBe(true);
    expect(await tab.outbox.cancel('unknown')).toBe(false);
    expect(tab.changes).toEqual(['one queued', 'two queued', 'two failed cancelled']);
  });
});

group('bounds', () => {
  it('gives up the oldest above the count', async () => {
    const tab = open({ ready: false, limits: { maxCount: 2 } });
    for (const said of ['one', 'two', 'three']) tab.outbox.add(text('c1', said));
    expect(states(tab)).toEqual(['two queued', 'three queued']);
    expect(tab.changes).toContain('one failed queue_full');
    await scene.clock.advance(0);
    expect(await scene.browser.storage.load('demo/alice')).toHaveLength(2);
  });

  it('gives up the oldest above the bytes, and refuses what alone has too many', async () => {
    const tab = open({ ready: false, limits: { maxBytes: 200 } });
    for (const said of ['one', 'two', 'three', 'four']) tab.outbox.add(text('c1', said));
    expect(states(tab)).not.toContain('one queued');
    const kept = states(tab);
    expect(tab.outbox.add(text('c1', 'x'.repeat(300)))).toMatchObject({
      state: 'failed',
      error: { code: 'queue_full' },
    });
    expect(states(tab)).toEqual(kept);
  });

  it('refuses a message that no frame can carry', () => {
    const tab = open({ ready: false });
    expect(tab.outbox.add(text('c1', '吗'.repeat(22_000)))).toMatchObject({ error: { code: 'too_large' } });
  });

  it('gives up the failed before the waiting', async () => {
    const tab = open({ limits: { maxCount: 2 } });
    scene.server.plan.push('never');
    tab.outbox.add(text('c1', 'bad'));
    await scene.clock.advance(0);
    tab.ready(false);
    tab.outbox.add(text('c1', 'one'));
    tab.outbox.add(text('c1', 'two'));
    expect(states(tab)).toEqual(['one queued', 'two queued']);
  });

  it('gives up a message that grows too old, without a connection too; a retry begins anew', async () => {
    const tab = open({ ready: false, limits: { maxAgeMs: 1000 } });
    const { cid } = tab.outbox.add(text('c1', 'one'));
    await scene.clock.advance(999);
    expect(states(tab)).toEqual(['one queued']);
    await scene.clock.advance(1);
    expect(states(tab)).toEqual(['one failed too_old']);
    tab.ready(true);
    tab.outbox.retry(cid);
    await scene.clock.advance(0);
    expect(scene.server.stored('c1')).toEqual(['one']);
  });
});

group('reload', () => {
  it('sends messages that an earlier life of the page left, before new ones', async () => {
    const before = open({ ready: false });
    before.outbox.add(text('c1', 'one'));
    before.outbox.add(text('c1', 'two'));
    await scene.clock.advance(0);
    before.die();
    const after = open({ name: 'B' });
    after.outbox.add(text('c1', 'three'));
    await scene.clock.advance(0);
    expect(scene.server.frames).toEqual(['B: one', 'B: two', 'B: three']);
  });

  it('sends a message that was on its way when the page went again with the same cid', async () => {
    const before = open();
    scene.server.plan.push('hang');
    before.outbox.add(text('c1', 'one'));
    await scene.clock.advance(0);
    before.die();
    open({ name: 'B' }).ready(true);
    await scene.clock.advance(0);
    expect(scene.server.frames).toEqual(['A: one', 'B: one']);
    expect(scene.server.stored('c1')).toEqual(['one']);
  });

  it('keeps a failed message until it is retried', async () => {
    const before = open();
    scene.server.plan.push('never');
    const { cid } = before.outbox.add(text('c1', 'bad'));
    await scene.clock.advance(0);
    before.die();
    const after = open({ name: 'B' });
    after.ready(true);
    await scene.clock.advance(0);
    expect(states(after)).toEqual(['bad failed invalid_content']);
    after.outbox.retry(cid);
    await scene.clock.advance(0);
    expect(scene.server.stored('c1')).toEqual(['bad']);
  });
});

group('users', () => {
  it('never sends one user’s messages as another', async () => {
    const tab = open({ ready: false });
    tab.outbox.add(text('c1', "alice's"));
    await scene.clock.advance(0);
    tab.signIn('demo/bob');
    tab.ready(true);
    tab.outbox.add(text('c1', "bob's"));
    await scene.clock.advance(5000);
    expect(scene.server.stored('c1')).toEqual(["bob's"]);
    tab.signIn('demo/alice');
    await scene.clock.advance(0);
    expect(states(tab)).toEqual([]);
    await scene.clock.advance(0);
    expect(scene.server.stored('c1')).toEqual(["bob's", "alice's"]);
  });

  it('gives messages that were added before anybody was known to the first user who is', async () => {
    const tab = open({ owner: undefined, ready: false });
    tab.outbox.add(text('c1', 'early'));
    expect(states(tab)).toEqual(['early queued']);
    tab.signIn('demo/alice');
    tab.ready(true);
    await scene.clock.advance(0);
    expect(scene.server.stored('c1')).toEqual(['early']);
  });

  it('takes the last user for the owner until it is known who it is, and sends as nobody else', async () => {
    const first = open({ owner: undefined, ready: false });
    first.signIn('demo/alice', { presumed: true });
    first.outbox.add(text('c1', 'before a reload'));
    await scene.clock.advance(0);
    first.die();
    const tab = open({ owner: undefined, ready: false });
    tab.signIn('demo/alice', { presumed: true });
    tab.outbox.add(text('c1', 'written now'));
    await scene.clock.advance(0);
    expect(states(tab)).toEqual(['before a reload queued', 'written now queued']);
    tab.signIn('demo/bob');
    tab.ready(true);
    await scene.clock.advance(5000);
    // The user who is here now wrote it here; messages in storage are as before.
    expect(scene.server.stored('c1')).toEqual(['written now']);
    expect(await scene.browser.storage.load('demo/alice')).toMatchObject([{ draft: text('c1', 'before a reload') }]);
  });

  it('leaves messages whose user it presumed rightly where they are when somebody else signs in later', async () => {
    const tab = open({ owner: undefined, ready: false });
    tab.signIn('demo/alice', { presumed: true });
    tab.outbox.add(text('c1', "alice's"));
    await scene.clock.advance(0);
    tab.signIn('demo/alice');
    tab.outbox.messages();
    tab.signIn('demo/bob');
    tab.ready(true);
    await scene.clock.advance(5000);
    expect(scene.server.frames).toEqual([]);
  });
});

// Two tabs with one queue: what they show each other, and that one of them sends it. A tab by itself:
// message-queue.test.ts.
import { describe as group, expect, it } from 'vitest';
import { createMemoryStorage } from '../../test/support/memory-storage.ts';
import { states, useQueueScene } from '../../test/support/queue-scene.ts';
import { text } from '../../test/support/queue-server.ts';
import { createSimulatedBrowser } from '../../test/support/simulated-browser.ts';
import type { StoredDraft } from '../types.ts';

const { scene, open } = useQueueScene();

const aSecond = (): Promise<void> => new Promise((resolve) => void scene.clock.setTimer(resolve, 1000));

group('two tabs', () => {
  it('show each other the messages that wait, and one of them sends them', async () => {
    const a = open();
    const b = open({ name: 'B' });
    for (const [index, tab] of [a, b, a, b].entries()) tab.outbox.add(text('c1', String(index)));
    await scene.clock.advance(0);
    await scene.clock.advance(5000);
    expect(scene.server.stored('c1').sort()).toEqual(['0', '1', '2', '3']);
    expect(scene.server.frames).toHaveLength(4);
    for (const tab of [a, b]) expect(tab.changes.filter((line) => line.endsWith('sent')).sort()).toHaveLength(4);
    expect([...states(a), ...states(b)]).toEqual([]);
  });

  it('show each other a message that was on its way into storage when the second was opened', async () => {
    const storage = createMemoryStorage();
    const slow = {
      ...storage,
      put: async (draft: StoredDraft) => {
        await aSecond();
        await storage.put(draft);
      },
    };
    scene.browser = createSimulatedBrowser(slow);
    const a = open({ ready: false });
    a.outbox.messages();
    await scene.clock.advance(0);
    a.outbox.add(text('c1', 'one'));
    const b = open({ name: 'B', ready: false });
    b.outbox.messages();
    await scene.clock.advance(500);
    expect(states(b)).toEqual([]);
    await scene.clock.advance(1000);
    expect(states(b)).toEqual(['one queued']);
  });

  it('do not send a message again that storage is slow to let go of', async () => {
    const storage = createMemoryStorage();
    const slow = {
      ...storage,
      remove: async (owner: string, cid: string) => {
        await aSecond();
        await storage.remove(owner, cid);
      },
    };
    scene.browser = createSimulatedBrowser(slow);
    const a = open();
    const b = open({ name: 'B' });
    b.outbox.messages();
    a.outbox.add(text('c1', 'one'));
    b.outbox.add(text('c2', 'two'));
    await scene.clock.advance(0);
    await scene.clock.advance(5000);
    expect(scene.server.frames.map((frame) => frame.slice('A: '.length)).sort()).toEqual(['one', 'two']);
  });

  it('go on when the one that sends dies', async () => {
    const a = open();
    scene.server.plan.push('hang');
    for (const said of ['one', 'two', 'three']) a.outbox.add(text('c1', said));
    const b = open({ name: 'B' });
    b.outbox.messages();
    await scene.clock.advance(0);
    expect(states(b)).toEqual(['one queued', 'two queued', 'three queued']);
    a.die();
    await scene.clock.advance(0);
    expect(scene.server.frames).toEqual(['A: one', 'B: one', 'B: two', 'B: three']);
    expect(scene.server.stored('c1')).toEqual(['one', 'two', 'three']);
  });

  it('leave the sending to the one that has a connection', async () => {
    const a = open({ ready: false });
    open({ name: 'B' }).outbox.messages();
    a.outbox.add(text('c1', 'one'));
    await scene.clock.advance(0);
    expect(scene.server.frames).toEqual(['B: one']);
    expect(a.changes).toEqual(['one queued', 'one sent']);
  });

  it('do not send a message that the other took back', async () => {
    const a = open({ ready: false });
    const b = open({ name: 'B', ready: false });
    b.outbox.messages();
    const { cid } = a.outbox.add(text('c1', 'one'));
    await scene.clock.advance(0);
    expect(await b.outbox.cancel(cid)).toBe(true);
    await scene.clock.advance(0);
    expect(a.changes).toEqual(['one queued', 'one failed cancelled']);
    a.ready(true);
    await scene.clock.advance(5000);
    expect(scene.server.frames).toEqual([]);
  });

  it('send a message again that vanished from storage without a word', async () => {
    const a = open({ ready: false });
    const { cid } = a.outbox.add(text('c1', 'one'));
    a.outbox.add(text('c1', 'two'));
    await scene.clock.advance(0);
    await scene.browser.storage.remove('demo/alice', cid);
    a.ready(true);
    await scene.clock.advance(1999);
    expect(scene.server.frames).toEqual([]);
    await scene.clock.advance(1);
    expect(scene.server.stored('c1')).toEqual(['one', 'two']);
  });
});

import { afterEach, expect, it, vi } from 'vitest';
import { connectBelfry, type StartedBelfry } from '../../test/support/started-belfry.ts';
import { samplePolicy } from '../../test/support/virtual-surroundings.ts';
import { loadFeatures, type FeatureLoader } from './load-features.ts';

let started: StartedBelfry;
let loader: FeatureLoader;
afterEach(async () => {
  loader.stop();
  await started.belfry.stop();
});

const names = (): string[] => Object.keys(loader.snapshot()).sort();

function change(features: string[]): void {
  const page = samplePolicy({ pattern: '/chat', features });
  started.virtual.socket().event({ action: 'page_config_changed', data: { pattern: '/chat', version: 2, page } });
}

it('has the features of the policy, follows it, and ends features that are taken away', async () => {
  started = await connectBelfry();
  loader = loadFeatures(started.belfry);
  await vi.waitFor(() => expect(names()).toEqual(['typing']));
  const { typing } = loader.snapshot();
  typing?.typed('c1');
  change(['typing_indicator', 'file_upload', 'voice_note', 'user_monitoring', 'real_time_stats']);
  await vi.waitFor(() => expect(names()).toEqual(['presence', 'stats', 'typing', 'uploads', 'voiceNotes']));
  expect(loader.snapshot().typing).toBe(typing);
  change([]);
  expect(names()).toEqual([]);
  expect(started.virtual.socket().frame('typing').data).toMatchObject({ isTyping: false });
});

it('does not keep a feature that is taken away while it is fetched', async () => {
  started = await connectBelfry();
  change([]);
  loader = loadFeatures(started.belfry);
  change(['presence']);
  change([]);
  change(['typing_indicator']);
  await vi.waitFor(() => expect(names()).toEqual(['typing']));
});

it('ends everything when stopped', async () => {
  started = await connectBelfry();
  loader = loadFeatures(started.belfry);
  await vi.waitFor(() => expect(names()).toEqual(['typing']));
  const before = started.virtual.socket().sent.length;
  loader.stop();
  change(['presence', 'typing_indicator']);
  expect(names()).toEqual([]);
  expect(started.virtual.socket().sent).toHaveLength(before);
});

it('fetches a feature again that could not be fetched, but not after it was stopped', async () => {
  const fetching = Promise.withResolvers<never>();
  vi.doMock('./media.ts', () => fetching.promise);
  started = await connectBelfry();
  const { virtual } = started;
  loader = loadFeatures(started.belfry);
  await vi.waitFor(() => expect(names()).toEqual(['typing']));
  const timers = virtual.clock.pending();
  const ended = loadFeatures(started.belfry);
  change(['typing_indicator', 'file_upload']);
  ended.stop();
  fetching.reject(new Error('offline'));
  await vi.waitFor(() => expect(virtual.reported).toHaveLength(1));
  expect(virtual.clock.pending()).toBe(timers + 1);

  vi.doUnmock('./media.ts');
  await virtual.clock.advance(5000);
  await vi.waitFor(() => expect(names()).toEqual(['typing', 'uploads']));
});

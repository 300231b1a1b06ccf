// The contract of cursors: each driver must keep it; races are checked by cursor-model.ts.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClaimOutcome, Cursor, Stores } from '../../../src/ports/stores/index.ts';
import { newApp } from '../../support/samples.ts';
import { isExplained } from './cursor-model.ts';
import type { CursorCall, Observed } from './cursor-model.ts';

const users = ['alice', 'bob'];

export function cursorsContract(stores: () => Stores): void {
  const one = async (app: ReturnType<typeof newApp>, userId: string): Promise<Cursor | undefined> =>
    (await stores().cursors.get(app, 's', [userId])).get(userId);
  const zeros = { delivered: 0, seen: 0, seenMobile: 0, read: 0, pushed: 0 };
  const results = (outcomes: readonly ClaimOutcome[]): string[] =>
    outcomes.map(({ userId, result }) => `${userId} ${result}`);

  describe('cursors', () => {
    test('a cursor that never was reads as zeros, by user and by stream', async () => {
      const app = newApp();
      expect(await one(app, 'alice')).toEqual({ userId: 'alice', stream: 's', ...zeros });
      const ofUser = await stores().cursors.ofUser(app, 'alice', ['s', 't']);
      expect(ofUser.get('t')).toEqual({ userId: 'alice', stream: 't', ...zeros });
    });

    test('advancing raises what is given, several entries of one cursor as one, and never goes back', async () => {
      const app = newApp();
      await stores().cursors.advance(app, [
        { userId: 'alice', stream: 's', delivered: 3 },
        { userId: 'bob', stream: 's', read: 2 },
        { userId: 'alice', stream: 's', delivered: 2, seen: 1, seenMobile: 1 },
      ]);
      const raised = { userId: 'alice', stream: 's', ...zeros, delivered: 3, seen: 1, seenMobile: 1 };
      expect(await one(app, 'alice')).toEqual(raised);
      expect(await one(app, 'bob')).toEqual({ userId: 'bob', stream: 's', ...zeros, read: 2 });
      await stores().cursors.advance(app, [{ userId: 'alice', stream: 's', delivered: 2, seen: 0 }]);
      await stores().cursors.advance(app, [{ userId: 'carol', stream: 's', delivered: 0 }]);
      expect(await one(app, 'alice')).toEqual(raised);
      expect((await stores().cursors.ofUser(app, 'alice', ['s'])).get('s')).toMatchObject({ delivered: 3 });
    });

    test('a claim is won by users whom nothing holds back, and gives the reason for the others', async () => {
      const app = newApp();
      const userIds = ['none', 'delivered', 'seen', 'mobile', 'read', 'pushed'];
      await stores().cursors.advance(app, [
        { userId: 'delivered', stream: 's', delivered: 5 },
        { userId: 'seen', stream: 's', delivered: 5, seen: 5 },
        { userId: 'mobile', stream: 's', delivered: 5, seen: 5, seenMobile: 5 },
        { userId: 'read', stream: 's', read: 5 },
      ]);
      const claim = { stream: 's', seq: 5, through: 7, claimId: 'first', heldBackBy: 'seen' as const };
      await stores().cursors.claim(app, { ...claim, userIds: ['pushed'], claimId: 'before' });
      const outcomes = await stores().cursors.claim(app, { ...claim, userIds });
      expect(results(outcomes)).toEqual([
        'none won',
        'delivered won',
        'seen acked',
        'mobile acked',
        'read read',
        'pushed pushed',
      ]);
      expect(outcomes[0]?.cursor).toEqual({
        userId: 'none',
        stream: 's',
        ...zeros,
        pushed: 7,
        claim: { id: 'first', from: 0 },
      });
      expect(await one(app, 'none')).toEqual(outcomes[0]?.cursor);
    });

    test.each([
      ['delivered', ['d acked', 's acked', 'm acked', 'r read']],
      ['seen', ['d won', 's acked', 'm acked', 'r read']],
      ['seenMobile', ['d won', 's won', 'm acked', 'r read']],
      ['none', ['d won', 's won', 'm won', 'r won']],
    ] as const)('held back by %s', async (heldBackBy, expected) => {
      const app = newApp();
      await stores().cursors.advance(app, [
        { userId: 'd', stream: 's', delivered: 1 },
        { userId: 's', stream: 's', delivered: 1, seen: 1 },
        { userId: 'm', stream: 's', delivered: 1, seen: 1, seenMobile: 1 },
        { userId: 'r', stream: 's', read: 1 },
      ]);
      const userIds = ['d', 's', 'm', 'r'];
      const outcomes = await stores().cursors.claim(app, {
        stream: 's',
        seq: 1,
        through: 1,
        userIds,
        claimId: 'c',
        heldBackBy,
      });
      expect(results(outcomes)).toEqual(expected);
    });

    test('a claim made twice finds its own tags, also after an acknowledgement', async () => {
      const app = newApp();
      const claim = { stream: 's', seq: 2, through: 4, userIds: users, claimId: 'c', heldBackBy: 'delivered' as const };
      const first = await stores().cursors.claim(app, claim);
      await stores().cursors.advance(app, [{ userId: 'alice', stream: 's', delivered: 4 }]);
      const second = await stores().cursors.claim(app, claim);
      expect(results(second)).toEqual(results(first));
      expect(second[0]?.cursor).toMatchObject({ pushed: 4, delivered: 4, claim: { id: 'c', from: 0 } });
    });

    test('a later claim covers what the earlier one did not, and remembers from where', async () => {
      const app = newApp();
      const claim = (claimId: string, seq: number, through: number): Promise<readonly ClaimOutcome[]> =>
        stores().cursors.claim(app, { stream: 's', seq, through, userIds: ['alice'], claimId, heldBackBy: 'none' });
      await claim('a', 1, 3);
      expect(results(await claim('b', 3, 3))).toEqual(['alice pushed']);
      const [won] = await claim('c', 4, 6);
      expect(won).toMatchObject({ result: 'won', cursor: { pushed: 6, claim: { id: 'c', from: 3 } } });
    });

    test('a thousand users are claimed in one call, one outcome a user, in the order given', async () => {
      const app = newApp();
      const userIds = Array.from({ length: 1000 }, (_, i) => `user-${(i * 7) % 1000}`);
      await stores().cursors.advance(
        app,
        userIds.slice(0, 500).map((userId) => ({ userId, stream: 's', seen: 1 })),
      );
      const outcomes = await stores().cursors.claim(app, {
        stream: 's',
        seq: 1,
        through: 1,
        userIds,
        claimId: 'c',
        heldBackBy: 'seen',
      });
      expect(outcomes.map(({ userId }) => userId)).toEqual(userIds);
      expect(outcomes.filter(({ result }) => result === 'won').map(({ userId }) => userId)).toEqual(userIds.slice(500));
    });

    test('a user who starts at a seq has missed nothing before it, and a user with a cursor keeps it', async () => {
      const app = newApp();
      await stores().cursors.advance(app, [{ userId: 'bob', stream: 's', delivered: 2 }]);
      await stores().cursors.start(app, 's', { userIds: ['alice', 'bob'], seq: 9 });
      expect(await one(app, 'alice')).toMatchObject({ delivered: 9, seen: 9, seenMobile: 9, read: 9 });
      expect(await one(app, 'bob')).toMatchObject({ delivered: 2, seen: 0 });
      const claim = { stream: 's', seq: 9, through: 9, userIds: ['alice'], claimId: 'c', heldBackBy: 'seen' as const };
      expect((await stores().cursors.claim(app, claim))[0]?.result).not.toBe('won');
    });

    test('acknowledgements and claims at once: each user sees them in some order, whichever is first', async () => {
      const seq = fc.integer({ min: 1, max: 4 });
      const userIds = fc.subarray(users, { minLength: 1 });
      const call: fc.Arbitrary<CursorCall> = fc.oneof(
        fc.record({
          type: fc.constant('advance' as const),
          userId: fc.constantFrom(...users),
          fields: fc.record({ delivered: seq, seen: seq, seenMobile: seq, read: seq }, { requiredKeys: [] }),
        }),
        fc.record({
          type: fc.constant('claim' as const),
          userIds,
          seq,
          beyond: fc.integer({ min: 0, max: 2 }),
          claimId: fc.constantFrom('x', 'y', 'z'),
          heldBackBy: fc.constantFrom('delivered' as const, 'seen' as const, 'seenMobile' as const, 'none' as const),
        }),
      );
      const groups = fc.array(fc.array(call, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(groups, async (history) => {
          const app = newApp();
          for (const group of history) {
            const before = await stores().cursors.get(app, 's', users);
            const observed = await Promise.all(group.map((made) => perform(app, made)));
            const after = await stores().cursors.get(app, 's', users);
            for (const userId of users) {
              expect(isExplained({ userId, before: before.get(userId), observed, after: after.get(userId) })).toBe(
                true,
              );
            }
          }
        }),
        { numRuns: 60 },
      );
    });
  });

  async function perform(app: ReturnType<typeof newApp>, call: CursorCall): Promise<Observed> {
    if (call.type === 'advance') {
      await stores().cursors.advance(app, [{ userId: call.userId, stream: 's', ...call.fields }]);
      return { call };
    }
    const { userIds, seq, beyond, claimId, heldBackBy } = call;
    const outcomes = await stores().cursors.claim(app, {
      stream: 's',
      seq,
      through: seq + beyond,
      userIds,
      claimId,
      heldBackBy,
    });
    return { call, outcomes };
  }
}

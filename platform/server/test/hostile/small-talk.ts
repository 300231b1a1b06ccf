// Two clients of another app who talk to each other all the while, and must notice nothing of what is done to
// the server.

import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { RawWebSocket } from './raw-web-socket.ts';

/** Well below the 30 commands a second that a client may send. */
const everyMs = 40;

/** An answer that takes longer means that somebody was made to wait. Generous: the machine may be busy. */
const slowMs = 5000;

export interface SmallTalk {
  /**
   * Everything said since the last check was heard, by both, once and in order, and no answer was slow. Drops
   * it.
   */
  check(): Promise<void>;
  stop(): Promise<void>;
}

/** `tokens`: of the two, who are in the conversation `small-talk` of the app. */
export async function startSmallTalk(
  url: string,
  { app, tokens }: { app: string; tokens: readonly [string, string] },
): Promise<SmallTalk> {
  const parts = { target: `/ws?app=${app}` };
  const [alice, bob] = await Promise.all(
    tokens.map((token) => RawWebSocket.connected(url, { token }, parts)) as [
      Promise<RawWebSocket>,
      Promise<RawWebSocket>,
    ],
  );
  const said: { cid: string; seq: number }[] = [];
  let checkedUpTo = 0;
  let slowestMs = 0;
  const stopping = new AbortController();
  const talking = talk();

  async function talk(): Promise<void> {
    for (let n = 1; !stopping.signal.aborted; n += 1) {
      const cid = `talk-${n}`;
      const begun = performance.now();
      const content = { text: `${n}` };
      const speaker = n % 2 === 0 ? alice : bob;
      const { data, error } = await speaker.ask('message', {
        conversationId: 'small-talk',
        cid,
        type: 'text',
        content,
      });
      if (error !== undefined) throw new Error(`a bystander was refused: ${JSON.stringify(error)}`);
      slowestMs = Math.max(slowestMs, performance.now() - begun);
      said.push({ cid, seq: Number(data['seq']) });
      await pause(everyMs);
    }
  }

  return {
    async check() {
      const enough = said.length + 2;
      await Promise.race([talking, grown(() => said.length >= enough)]);
      const checked = said.splice(0);
      expect(checked.map(({ seq }) => seq)).toEqual(checked.map((_, n) => checkedUpTo + n + 1));
      for (const [speaker, listener] of [bob, alice].entries()) {
        const expected = checked.filter(({ seq }) => seq % 2 === speaker);
        const newest = expected.at(-1)?.seq ?? 0;
        await listener.until((frame) => frame.action === 'new_message' && Number(frame.seq) >= newest);
        const heard = listener.frames
          .filter((frame) => frame.action === 'new_message' && Number(frame.seq) <= newest)
          .map(({ seq, data }) => ({ cid: data['cid'], seq }));
        expect(heard).toEqual(expected);
        listener.forget((frame) => frame.action !== 'new_message' || Number(frame.seq) <= newest);
      }
      checkedUpTo += checked.length;
      expect(slowestMs).toBeLessThan(slowMs);
    },
    async stop() {
      stopping.abort();
      await talking;
      await Promise.all([alice.end(), bob.end()]);
    },
  };
}

async function grown(isGrown: () => boolean): Promise<void> {
  while (!isGrown()) await pause(everyMs);
}

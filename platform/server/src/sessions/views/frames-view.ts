// The frames of one connection, from the moment that somebody looks: heads, and bodies for those who may see them.

import type { ServerEvent } from '@belfry/protocol';
import type { Session } from '../session.ts';
import { Tap } from '../tap.ts';
import { StreamView } from './stream-view.ts';

export interface FrameRow {
  id: number;
  at: string;
  /** `in`: the client's. `answer`: ours to one of them. `out`: an event. */
  way: 'in' | 'answer' | 'out';
  action: string;
  frameId?: number;
  bytes: number;
  /** Of an error. */
  code?: string;
  stream?: string;
  seq?: number;
  body?: string;
}

/** 50 a second. */
export const framesPerRound = 12;
const bodyChars = 4096;

export function watchFrames(
  session: Session,
  { withBodies, now }: { withBodies: boolean; now: () => number },
): StreamView<FrameRow> {
  let count = 0;
  const body = (data: unknown): { body?: string } =>
    withBodies ? { body: JSON.stringify(data ?? {}).slice(0, bodyChars) } : {};
  const base = (): Pick<FrameRow, 'id' | 'at'> => {
    count += 1;
    return { id: count, at: new Date(now()).toISOString() };
  };
  const view = new StreamView<FrameRow>({ perRound: framesPerRound, end: () => end() });
  const end = Tap.open(session, {
    came: (_session, { id, action, data }, bytes) =>
      view.take(() => ({ ...base(), way: 'in', action, ...named(id), bytes, ...body(data) })),
    answered: (_session, { id, action = '?' }, { code, bytes }) => {
      if (id === undefined && code === undefined) return;
      view.take(() => ({
        ...base(),
        way: 'answer',
        action,
        ...named(id),
        bytes,
        ...(code === undefined ? {} : { code }),
      }));
    },
    sent: (_session, event, bytes) =>
      view.take(() => ({ ...base(), way: 'out', action: event.action, bytes, ...placed(event), ...body(event.data) })),
  });
  return view;
}

function named(frameId: number | undefined): { frameId?: number } {
  return frameId === undefined ? {} : { frameId };
}

function placed({ stream, seq }: ServerEvent): Pick<FrameRow, 'stream' | 'seq'> {
  return { ...(stream === undefined ? {} : { stream }), ...(seq === undefined ? {} : { seq }) };
}

// An app with many people in many small conversations, for clusters: every node has some of each conversation.

import { httpSender, reader, type App, type Conversation, type Role } from './setting.ts';

/** People of one conversation who are in no other; the first of the next one is in it as well. */
const perConversation = 4;
/** Of one writer: with all of them some thirty messages a second. */
const everyMs = 3000;

export function crowdOf(conversations: number): App {
  const ids = Array.from({ length: conversations }, (_, at) => at);
  return {
    key: 'crowd',
    tenant: 'city',
    signingSecret: 'a-third-secret-to-sign-tokens-with-in-tests-3',
    apiKey: 'bk_backend_00112233445566778899aabbccddeeff',
    cast: ids.flatMap((at) => peopleOf(at)),
    conversations: ids.map((at): Conversation => {
      const own = Array.from({ length: perConversation }, (_, place) => userOf(at, place));
      const users = [...own, userOf((at + 1) % conversations, 0), httpSender];
      return { id: idOf(at), stream: `c:${idOf(at)}`, users: [...new Set(users)] };
    }),
  };
}

/** Two who write, one who never acknowledges and has a phone, one who comes and goes. */
function peopleOf(at: number): Role[] {
  const writes = { writesIn: [idOf(at)], sends: { window: 1, everyMs } } as const;
  return [
    { ...reader, ...writes, user: userOf(at, 0), obeysGoaway: at % 2 === 0 },
    { ...reader, ...writes, user: userOf(at, 1), device: 'mobile', hasPhone: true },
    { ...reader, user: userOf(at, 2), acks: 'never', hasPhone: true },
    { ...reader, user: userOf(at, 3), habit: at % 5 === 0 ? 'comes_and_goes' : 'stays' },
  ];
}

function idOf(at: number): string {
  return `room-${at}`;
}

function userOf(at: number, place: number): string {
  return `u${at}-${place}`;
}

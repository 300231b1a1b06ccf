// For every command a frame that names something of the victim's, and what others get for it. A command
// without a row here fails command-isolation.test.ts.

import type { CommandAction } from '@belfry/protocol';
import type { Victim } from './victim.ts';

export interface CommandSample {
  data: (victim: Victim) => unknown;
  /**
   * Codes that another app's user, and one of the same app who has no part in it, may be answered with; `ok`
   * where the answer holds nothing of the victim's.
   */
  codes: readonly string[];
  /** Texts that an answer may not hold beside the victim's. */
  never?: RegExp;
}

const unknown = ['not_found'];
const gap = /"from":\d+,"to":[1-9]/;

export const commandSamples: Readonly<Record<CommandAction, readonly CommandSample[]>> = {
  connect: [],
  auth: [{ data: () => ({ token: 'replaced by the token of the victim' }), codes: ['bad_token', 'forbidden'] }],
  page: [{ data: ({ pattern }) => ({ page: pattern }), codes: ['ok'] }],
  heartbeat: [{ data: () => ({ visible: true }), codes: ['ok'] }],
  message: [
    {
      data: ({ conversation: conversationId }) => ({
        conversationId,
        cid: 'x',
        type: 'text',
        content: { text: 'from elsewhere' },
      }),
      codes: unknown,
    },
  ],
  edit_message: [{ data: ({ message: messageId }) => ({ messageId, content: { text: 'x' } }), codes: unknown }],
  delete_message: [{ data: ({ message: messageId }) => ({ messageId }), codes: unknown }],
  add_reaction: [{ data: ({ message: messageId }) => ({ messageId, reaction: '👍' }), codes: unknown }],
  remove_reaction: [{ data: ({ message: messageId }) => ({ messageId, reaction: '👀' }), codes: unknown }],
  pin_message: [{ data: ({ message: messageId }) => ({ messageId }), codes: unknown }],
  unpin_message: [{ data: ({ message: messageId }) => ({ messageId }), codes: unknown }],
  ack: [
    {
      data: ({ conversation }) => ({ cursors: [{ stream: `c:${conversation}`, seq: 1 }] }),
      codes: ['not_found', 'bad_ack'],
    },
    { data: () => ({ cursors: [{ stream: 'i:vera', seq: 0 }] }), codes: ['not_found', 'bad_ack'] },
  ],
  read: [
    { data: ({ conversation: conversationId }) => ({ conversationId, seq: 1 }), codes: unknown },
    {
      data: ({ conversation: conversationId, message }) => ({ conversationId, messageIds: [message] }),
      codes: unknown,
    },
  ],
  typing: [{ data: ({ conversation: conversationId }) => ({ conversationId, isTyping: true }), codes: unknown }],
  history: [{ data: ({ conversation: conversationId }) => ({ conversationId }), codes: unknown }],
  replies: [{ data: ({ message: messageId }) => ({ messageId }), codes: unknown }],
  pins: [{ data: ({ conversation: conversationId }) => ({ conversationId }), codes: unknown }],
  conversations: [
    { data: () => ({}), codes: ['ok'], never: /c-victim/ },
    { data: ({ cursor }) => ({ cursor }), codes: ['bad_cursor'] },
  ],
  presence: [{ data: ({ user }) => ({ userIds: [user], watch: true }), codes: ['ok', 'feature_disabled'] }],
  subscribe: [{ data: () => ({ topic: 'ward-9' }), codes: ['ok', 'forbidden'] }],
  unsubscribe: [{ data: () => ({ topic: 'elsewhere' }), codes: ['ok', 'forbidden'] }],
  register_device: [
    {
      data: () => ({ provider: 'nowhere', target: { id: 'x' }, deviceType: 'mobile' }),
      codes: ['unknown_provider'],
    },
  ],
  sync: [
    {
      data: ({ conversation }) => ({
        streams: [`c:${conversation}`, 'i:victor', 'i:vera'].map((stream) => ({ stream, epoch: 'e1', seq: 0 })),
      }),
      codes: ['ok'],
      never: gap,
    },
  ],
};

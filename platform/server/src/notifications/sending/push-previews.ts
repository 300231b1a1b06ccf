// How a message would read as a notification, and as each provider of the app would cut it. Sends nothing, and
// says nothing about who would get it.

import type { MessageType } from '@belfry/plugin-kit';
import type { PluginHost } from '../../plugins/plugin-host.ts';
import type { AppId } from '../../ports/app-id.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StoredMessage, StoredPolicy, UserStore } from '../../ports/stores/index.ts';
import { notificationOf } from './content.ts';
import { truncate } from './truncate.ts';

/** A message as it would be stored. */
export interface PreviewedMessage {
  kind: string;
  action: string;
  data: Record<string, unknown>;
  policy: StoredPolicy;
  senderId?: string | undefined;
  conversationId?: string | undefined;
}

export interface PushPreview {
  title: string;
  body: string;
  perProvider: ProviderPreview[];
}

export interface ProviderPreview {
  provider: string;
  /** The plugin's id. */
  plugin: string;
  state: 'on' | 'off' | 'paused';
  title: string;
  body: string;
  /** Something of title or body does not fit. */
  cut: boolean;
}

export interface PushPreviewsDeps {
  plugins: Pick<PluginHost, 'providers'>;
  messageType: (id: string) => MessageType | undefined;
  users: Pick<UserStore, 'get'>;
  clock: Pick<Clock, 'now'>;
}

/** Of somebody who is not known yet; an id is as long as a real one, since it takes room in the payload. */
const somebody = 'somebody';
const someId = '00000000-0000-7000-8000-000000000000';

export class PushPreviews {
  readonly #deps: PushPreviewsDeps;

  constructor(deps: PushPreviewsDeps) {
    this.#deps = deps;
  }

  /** `locale`: of the device. */
  async of(app: AppId, message: PreviewedMessage, locale: string): Promise<PushPreview> {
    const { plugins, messageType, users, clock } = this.#deps;
    const { senderId } = message;
    const [providers, senders] = await Promise.all([
      plugins.providers(app),
      users.get(app, senderId === undefined ? [] : [senderId]),
    ]);
    const nowMs = clock.now();
    const owed: [StoredMessage] = [asStored(message, nowMs)];
    const parts = { app, userId: somebody, owed, device: { locale }, senders, messageType, nowMs };
    const { title, body } = notificationOf({ ...parts, supports: {} });
    const perProvider = providers.map(({ id: provider, plugin, state, limits, supports }) => {
      const whole = notificationOf({ ...parts, supports });
      const fitting = truncate(whole, limits);
      const cut = fitting.title !== whole.title || fitting.body !== whole.body;
      return { provider, plugin, state, title: fitting.title, body: fitting.body, cut };
    });
    return { title, body, perProvider };
  }
}

function asStored(message: PreviewedMessage, storedAt: number): StoredMessage {
  const { kind, action, data, policy, senderId, conversationId } = message;
  return {
    ...{ id: someId, cid: someId, bodyHash: '', stream: `i:${somebody}`, seq: 1 },
    ...{ kind, action, data, policy, storedAt },
    ...(senderId === undefined ? {} : { senderId }),
    ...(conversationId === undefined ? {} : { conversationId, stream: `c:${conversationId}` }),
  };
}

// Puts together what the console sends and would send: kinds, types of messages, broadcasts and how they read.

import type { AdminServices } from '../http/doors/admin/services.ts';
import { PushPreviews } from '../notifications/sending/push-previews.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Core } from './core.ts';
import type { Engine } from './engine.ts';

type Sending = Pick<
  AdminServices,
  'kinds' | 'kindCounts' | 'hookStore' | 'messageTypes' | 'broadcasting' | 'pushPreviews'
>;

export function composeSending(deps: {
  engine: Engine;
  core: Pick<Core, 'messaging' | 'plugins' | 'kindCounts'>;
  surroundings: Pick<Surroundings, 'clock'>;
}): Sending {
  const { messaging, plugins, kindCounts } = deps.core;
  const { stores } = deps.engine;
  return {
    ...{ kindCounts, hookStore: stores.hooks },
    ...{ kinds: messaging.kinds, broadcasting: messaging.broadcasting },
    messageTypes: () => plugins.messageTypes(),
    pushPreviews: new PushPreviews({
      ...{ plugins, users: stores.users, clock: deps.surroundings.clock },
      messageType: (id) => plugins.messageType(id),
    }),
  };
}

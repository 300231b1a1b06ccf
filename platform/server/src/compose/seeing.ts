// Puts together what the console sees of an app: connections, users, what became of messages, long work.

import { JobsOfNodes } from '../accounts/jobs-of-nodes.ts';
import { Jobs } from '../accounts/jobs.ts';
import type { AdminServices } from '../http/doors/admin/services.ts';
import { Decisions } from '../journey/decisions.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { ConnectionLists } from '../sessions/views/connection-lists.ts';
import { People } from '../tenancy/people.ts';
import { versionStarts } from '../tenancy/version-starts.ts';
import type { Core } from './core.ts';
import type { Engine } from './engine.ts';
import type { Identity } from './identity.ts';

type Seeing = Pick<
  AdminServices,
  | ('views' | 'connections' | 'connectionLists' | 'jobs' | 'people' | 'presence' | 'devices' | 'deviceStore')
  | ('preferences' | 'conversationStore' | 'decisions' | 'userSignOut')
  | ('figures' | 'figureStore' | 'nodes' | 'versionStarts')
  | ('journeys' | 'journeyLists' | 'journeyWatches' | 'conversationWatches' | 'messageStore')
  | ('conversations' | 'cursorStore' | 'streams' | 'chatActions')
>;

export function composeSeeing(deps: {
  engine: Engine;
  core: Pick<
    Core,
    | 'registry'
    | 'sessions'
    | 'line'
    | 'views'
    | 'messaging'
    | 'journey'
    | 'journeyWatches'
    | 'conversationWatches'
    | 'figuresOfNodes'
    | 'nodes'
  >;
  identity: Pick<Identity, 'signOut'>;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}): Seeing {
  const { core, identity } = deps;
  const { stores, presence } = deps.engine;
  const { clock, log } = deps.surroundings;
  const { devices, preferences, conversations, log: streams, chatActions } = core.messaging;
  return {
    ...{ views: core.views, figures: core.figuresOfNodes, connections: core.sessions, presence, devices, preferences },
    connectionLists: new ConnectionLists({ registry: core.registry, presence, clock, line: core.line }),
    jobs: new JobsOfNodes({ jobs: new Jobs({ clock, log }), line: core.line }),
    people: new People({ store: stores.users }),
    ...{ deviceStore: stores.devices, figureStore: stores.figures, nodes: core.nodes },
    versionStarts: () => versionStarts(stores.installation),
    conversationStore: stores.conversations,
    cursorStore: stores.cursors,
    ...{ conversations, streams, chatActions, conversationWatches: core.conversationWatches },
    userSignOut: identity.signOut,
    ...{ journeys: core.journey.reader, journeyLists: core.journey.lists, journeyWatches: core.journeyWatches },
    messageStore: stores.messages,
    decisions: new Decisions({
      ...{ conversations: stores.conversations, messages: stores.messages, journeys: core.journey.reader },
    }),
  };
}

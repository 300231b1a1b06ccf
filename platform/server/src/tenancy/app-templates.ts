// What a new app can begin with: pages, kinds and settings, in the form that a provision file has. Making an
// app of one: make-app.ts.

import type { Kind, PagePolicyInput } from '@belfry/protocol';
import type { AppSettings } from '../ports/stores/tenancy.ts';
import { defaultPages } from './default-pages.ts';

export interface AppTemplate {
  id: string;
  name: string;
  description: string;
  pages: readonly PagePolicyInput[];
  kinds: readonly Kind[];
  settings: Partial<AppSettings>;
}

export const appTemplates: readonly AppTemplate[] = [
  {
    id: 'chat',
    name: 'Chat',
    description: 'People write to each other: typing, read marks, files, voice notes, pushes to those who are away.',
    pages: [
      page('/chat', 'chat', [
        'messaging',
        'typing_indicator',
        'read_receipts',
        'file_upload',
        'voice_note',
        'presence',
      ]),
      closed(),
    ],
    kinds: [],
    settings: {},
  },
  {
    id: 'notifications',
    name: 'Notifications',
    description: 'A back end tells people what happened: on the page, and by push where nobody looks.',
    pages: [page('/*', 'notifications', ['notifications', 'read_receipts']), closed()],
    kinds: [],
    settings: {},
  },
  {
    id: 'dashboard',
    name: 'Live dashboard',
    description: 'Pages that show figures as they change, by topic. Nothing is kept for longer than a day.',
    pages: [
      { ...page('/dashboard', 'dashboard', ['real_time_stats', 'system_notifications']), topics: ['*'] },
      closed(),
    ],
    kinds: [],
    settings: { retentionMs: 24 * 60 * 60_000 },
  },
  {
    id: 'clinic',
    name: 'Clinic',
    description: 'Patients, doctors and consultants who chat, and those who watch over it.',
    pages: defaultPages,
    kinds: [],
    settings: {},
  },
  {
    id: 'empty',
    name: 'Empty',
    description: 'No page yet: nobody connects before there is one.',
    pages: [],
    kinds: [],
    settings: {},
  },
];

function page(pattern: string, connectionType: string, features: string[]): PagePolicyInput {
  return { pattern, enabled: true, requireAuth: true, autoConnect: true, connectionType, features };
}

function closed(): PagePolicyInput {
  return {
    ...{ pattern: 'default', enabled: false, requireAuth: false, autoConnect: false },
    ...{ connectionType: 'default', features: [] },
  };
}

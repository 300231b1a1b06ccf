// The app `demo` as docs/operations.md provisions it, for tests that run a whole server. Not what a first
// start makes.

import { stringify } from 'yaml';

export const apiKey = 'bk_backend_0123456789abcdef0123456789abcdef';
export const webhookSecret = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';

/** Of the hook `lab`. */
export const hookSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const labMapping =
  "{ 'kind': 'system_notification', 'audience': { 'users': [patient] }, 'data': { 'title': 'Result', 'body': text } }";

export interface ProvisionOptions {
  /** Where the `hook` provider posts; nowhere that answers when left out. */
  pushUrl?: string;
  settings?: Record<string, unknown>;
  /** Further fields of the app. */
  app?: Record<string, unknown>;
  /** Further tenants, as a provision file has them. */
  moreTenants?: readonly Record<string, unknown>[];
}

/** The provision file's text. */
export function provisionFile({
  pushUrl = 'http://127.0.0.1:9/push',
  settings,
  app,
  moreTenants = [],
}: ProvisionOptions = {}): string {
  return stringify({
    tenants: [
      {
        id: 'clinic',
        name: 'Clinic',
        apps: [
          {
            key: 'demo',
            name: 'Demo',
            signingSecret: 'at-least-32-bytes-of-text-to-sign-tokens-with',
            apiKeys: [{ id: 'backend', secret: apiKey, scopes: ['*'] }],
            allowedOrigins: ['*'],
            settings: { waitMs: 5000, deliveredMeans: 'visible', ...settings },
            pages: [
              {
                pattern: '/chat',
                enabled: true,
                requireAuth: true,
                autoConnect: true,
                connectionType: 'chat',
                features: ['messaging', 'typing_indicator', 'read_receipts', 'file_upload', 'voice_note'],
              },
              {
                pattern: '/admin',
                enabled: true,
                requireAuth: true,
                autoConnect: true,
                connectionType: 'admin',
                features: ['system_notifications', 'user_monitoring', 'real_time_stats'],
                topics: ['*'],
                presence: 'everyone',
              },
              { pattern: '/login', enabled: false },
            ],
            kinds: [
              {
                kind: 'lab_result',
                action: 'lab_result',
                audience: 'conversation',
                durable: 'inbox',
                policy: { push: 'undelivered', priority: 'high' },
              },
            ],
            hooks: [{ id: 'lab', secret: hookSecret, mapping: labMapping }],
            providers: [{ id: 'hook', plugin: 'webhook', config: { url: pushUrl, secret: webhookSecret } }],
            ...app,
          },
        ],
      },
      ...moreTenants,
    ],
  });
}

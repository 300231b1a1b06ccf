// Signs webhooks as a sender does, with the library that senders use. The server verifies with the plugin kit
// instead.

import { Webhook } from 'standardwebhooks';

export interface WebhookToSign {
  id: string;
  secret: string;
  body: string;
  /** Seconds since the epoch. */
  timestamp: number;
}

/** The headers that go with the body. */
export function signWebhook({ id, secret, body, timestamp }: WebhookToSign): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': new Webhook(secret).sign(id, new Date(timestamp * 1000), body),
  };
}

// Signs a webhook by Standard Webhooks, as its sender does. What the server makes of it is in the scenarios.

export interface WebhookToSign {
  id: string;
  /** `whsec_` and the key in base64. */
  secret: string;
  /** As it is sent. */
  content: string;
  /** Seconds since the epoch. */
  timestamp: number;
}

/** The headers that go with the content. */
export async function signWebhook({ id, secret, content, timestamp }: WebhookToSign): Promise<Record<string, string>> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const bytes = bytesOf(atob(secret.replace(/^whsec_/, '')));
  const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign']);
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${content}`);
  const mac = await crypto.subtle.sign('HMAC', key, signed);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,${btoa(String.fromCharCode(...new Uint8Array(mac)))}`,
  };
}

function bytesOf(binary: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

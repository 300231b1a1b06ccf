// A provision file that names every kind of thing, and the plan or the problems of a file.
import { parseProvisioning } from './parse.ts';
import type { ProvisioningPlan } from './schema.ts';

export const clinic = `
tenants:
  - id: clinic
    name: Clinic
    apps:
      - key: demo
        name: Demo
        signingSecret: at-least-32-bytes-of-text-and-some-more
        apiKeys: [{ id: backend, secret: bk_backend_0123456789abcdef0123456789abcdef, scopes: ["*"] }]
        allowedOrigins: ["*"]
        settings: { waitMs: 3000, deliveredMeans: any }
        pages:
          - { pattern: /chat, enabled: true, requireAuth: true, autoConnect: true, connectionType: chat, features: [messaging, typing_indicator] }
          - { pattern: /login, enabled: false }
        kinds: [{ kind: lab_result, action: lab_result, audience: conversation, durable: inbox, policy: { push: undelivered, priority: high } }]
        providers: [{ id: hook, plugin: webhook, config: { url: "http://127.0.0.1:9999/push", secret: whsec_x } }]
        hooks: [{ id: lab, secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, mapping: "{ 'kind': 'system_notification' }" }]
        webhooks: [{ id: crm, secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, url: "https://crm.example.com/in", events: ["message.*"] }]
`;

export function planOf(text: string, name = 'p.yaml'): ProvisioningPlan {
  const parsed = parseProvisioning(text, name);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.plan;
}

export function problemsOf(text: string, name = 'p.yaml') {
  const parsed = parseProvisioning(text, name);
  return parsed.ok ? [] : parsed.problems;
}

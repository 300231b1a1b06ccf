// The provision file with what cannot stand in a repository: fresh secrets, and the origin that the app really has.
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

export interface Provisioning {
  tenants: { apps: ProvisionedApp[] }[];
}

interface ProvisionedApp {
  key: string;
  signingSecret: string;
  apiKeys: { id: string; secret: string; scopes: string[] }[];
  allowedOrigins: string[];
  pages: Record<string, unknown>[];
}

const source = join(import.meta.dirname, '../provision.yaml');

export function readProvisioning(): { plan: Provisioning; app: ProvisionedApp } {
  const plan = parse(readFileSync(source, 'utf8')) as Provisioning;
  const app = plan.tenants[0]?.apps[0];
  if (app === undefined) throw new Error(`${source} declares no app`);
  return { plan, app };
}

/** Returns the API key. */
export function replaceSecrets(app: ProvisionedApp): string {
  const apiKey = `bk_back-end_${randomBytes(24).toString('base64url')}`;
  app.signingSecret = randomBytes(32).toString('base64url');
  for (const key of app.apiKeys) key.secret = apiKey;
  return apiKey;
}

export function writeProvisioning(file: string, plan: Provisioning): void {
  writeFileSync(file, stringify(plan), { mode: 0o600 });
}

// Makes the provision file, with values that cannot stand in a repository: fresh secrets, and the real origin
// of the app.
import { createECDH, randomBytes } from 'node:crypto';
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
  providers?: { id: string; plugin: string; config: Record<string, unknown> }[];
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
  const config = { subject: 'mailto:reception@harbour-clinic.example', ...createVapidKeys() };
  app.providers = [{ id: 'browsers', plugin: 'webpush', config }];
  return apiKey;
}

export function writeProvisioning(file: string, plan: Provisioning): void {
  writeFileSync(file, stringify(plan), { mode: 0o600 });
}

/**
 * A key pair as `npx belfry vapid` prints it. Browsers that subscribed with an earlier pair subscribe anew by
 * themselves.
 */
function createVapidKeys(): { publicKey: string; privateKey: string } {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  // Node leaves out the leading zeros of the private key.
  const privateKey = Buffer.alloc(32);
  pair.getPrivateKey().copy(privateKey, 32 - pair.getPrivateKey().length);
  return { publicKey: pair.getPublicKey('base64url'), privateKey: privateKey.toString('base64url') };
}

// Makes the stores say what a provision file says: tenants, apps, keys, pages, kinds, providers, hooks.
// Judges all of it first; reading the file is parse.ts.
import type { AppId } from '../../ports/app-id.ts';
import { asAppId } from '../../ports/app-id.ts';
import type { Clock } from '../../ports/clock.ts';
import { readAllPages } from '../../ports/stores/page.ts';
import type { KindStore, PageStore, ProviderStore } from '../../ports/stores/settings.ts';
import type { AppLimits, TenancyStore } from '../../ports/stores/tenancy.ts';
import { apiKeyHash } from '../api-key-record.ts';
import { defaultAppLimits } from '../app-defaults.ts';
import { putPolicy } from './page-versions.ts';
import { provisioningPath, type ProvisioningProblem } from './parse.ts';
import { putApiKeys } from './keys.ts';
import { checkProvisionedAddresses, type AddressGuard } from './addresses.ts';
import { hookOwnershipProblems, checkHooks, putHooks, type HookHost, type MappingGuard } from './hooks.ts';
import { unknownFeatures, type FeatureHost } from './features.ts';
import { checkProviders, putProvider, type ProviderHost } from './providers.ts';
import { provisionedApp } from './app.ts';
import type { PlannedApp, ProvisioningPlan } from './schema.ts';
import { checkWebhooks, putWebhooks, type WebhookHost } from './webhooks.ts';
import { releaseUnnamed } from './release-unnamed.ts';
import type { Vault } from '../vault.ts';
import { writeOnce } from './write-once.ts';

/** The parts of one app that the file manages: read-only elsewhere. */
export interface ManagedParts {
  patterns: ReadonlySet<string>;
  kinds: ReadonlySet<string>;
  providers: ReadonlySet<string>;
  keys: ReadonlySet<string>;
  hooks: ReadonlySet<string>;
  webhooks: ReadonlySet<string>;
}

export type Managed = ReadonlyMap<AppId, ManagedParts>;

export type AppliedProvisioning =
  { ok: true; managed: Managed; warnings: ProvisioningProblem[] } | { ok: false; problems: ProvisioningProblem[] };

export interface ProvisioningDeps {
  plan: ProvisioningPlan;
  stores: { tenancy: TenancyStore; pages: PageStore; kinds: KindStore; providers: ProviderStore };
  vault: Vault;
  clock: Pick<Clock, 'now'>;
  /**
   * The plugin host, started: it knows what a configuration must look like and which of its fields are
   * secret.
   */
  providers: ProviderHost & FeatureHost;
  addresses: AddressGuard;
  hooks: HookHost;
  webhooks: WebhookHost;
  /** Of apps for which the file sets none. */
  limits?: AppLimits;
}

const by = 'provision file';

interface Place {
  tenantId: string;
  app: AppId;
  planned: PlannedApp;
  path: readonly PropertyKey[];
}

/**
 * Idempotent: what is there already is not written again. What the file does not name stays as it is, and is
 * given back to the console where an earlier file managed it; the way users sign in (secret, JWKS URL) is
 * exactly as the file says. Nothing is written when there are problems, but for those that only `configure`
 * finds.
 */
export async function applyProvisioning(deps: ProvisioningDeps): Promise<AppliedProvisioning> {
  const places = placesOf(deps.plan);
  const checked = checkProviders(places, deps.providers);
  const addresses = await checkProvisionedAddresses(deps.plan, deps.addresses);
  const webhooks = await checkWebhooks(places, {
    checkUrl: (url) => deps.addresses.checkUrl(url),
    checkUrlText: (url) => deps.addresses.checkUrlText(url),
    checkMapping: (mapping) => deps.hooks.checkMapping(mapping),
  });
  const problems = [
    ...checked.problems,
    ...addresses.problems,
    ...webhooks.problems,
    ...(await checkHooks(places, deps.hooks)),
    ...(await ownershipProblems(places, deps.stores.tenancy)),
    ...(await hookOwnershipProblems(places, deps.hooks)),
  ];
  if (problems.length > 0) return { ok: false, problems };
  await putTenants(deps);
  for (const place of places) {
    await putPlace(place, deps);
    await putHooks(place, deps.hooks);
    await putWebhooks(place, deps.webhooks);
  }
  for (const provider of checked.usable) problems.push(...(await putProvider(provider, deps.providers)));
  if (problems.length > 0) return { ok: false, problems };
  const managed = new Map(places.map(({ app, planned }) => [app, managedParts(planned)]));
  const tenants = new Set(deps.plan.tenants.map(({ id }) => id));
  await releaseUnnamed({ stores: deps.stores, hooks: deps.hooks, webhooks: deps.webhooks, managed, tenants });
  const features = await unknownFeatures(places, deps.providers, (app) => deps.stores.kinds.list(app));
  return {
    ok: true,
    managed,
    warnings: [...checked.warnings, ...addresses.warnings, ...webhooks.warnings, ...features],
  };
}

/**
 * The problems of the providers, addresses and mappings of a plan, as `applyProvisioning` would find them;
 * needs no store.
 */
export async function checkPlan(
  plan: ProvisioningPlan,
  host: Pick<ProviderHost, 'list' | 'checkConfig'> & FeatureHost & AddressGuard & MappingGuard,
): Promise<{ problems: ProvisioningProblem[]; warnings: ProvisioningProblem[] }> {
  const checked = checkProviders(placesOf(plan), host);
  const addresses = await checkProvisionedAddresses(plan, host);
  const mappings = await checkHooks(placesOf(plan), host);
  const webhooks = await checkWebhooks(placesOf(plan), host);
  const features = await unknownFeatures(placesOf(plan), host, async () => []);
  return {
    problems: [...checked.problems, ...addresses.problems, ...mappings, ...webhooks.problems],
    warnings: [...checked.warnings, ...addresses.warnings, ...webhooks.warnings, ...features],
  };
}

function placesOf({ tenants }: ProvisioningPlan): Place[] {
  return tenants.flatMap((tenant, t) =>
    tenant.apps.map((planned, a) => ({
      tenantId: tenant.id,
      app: asAppId(planned.key),
      planned,
      path: ['tenants', t, 'apps', a],
    })),
  );
}

/** An app or a key that somebody else made may not be taken over by naming it. */
async function ownershipProblems(places: readonly Place[], tenancy: TenancyStore): Promise<ProvisioningProblem[]> {
  const problems: ProvisioningProblem[] = [];
  const add = (path: readonly PropertyKey[], reason: string): void =>
    void problems.push({ path: provisioningPath(path), reason });
  for (const { tenantId, app, planned, path } of places) {
    const existing = await tenancy.app(app);
    if (existing !== undefined && existing.tenantId !== tenantId && !existing.managed) {
      add([...path, 'key'], `${app} is an app of another tenant, ${existing.tenantId}`);
    }
    for (const [index, key] of planned.apiKeys.entries()) {
      const holder = await tenancy.apiKeyByHash(apiKeyHash(key.secret));
      if (holder !== undefined && holder.app !== app) {
        add([...path, 'apiKeys', index, 'secret'], 'is the secret of a key of another app');
      }
    }
  }
  return problems;
}

async function putTenants({ plan, stores: { tenancy }, clock }: ProvisioningDeps): Promise<void> {
  const existing = new Map((await readAllPages((page) => tenancy.tenants(page))).map((tenant) => [tenant.id, tenant]));
  for (const { id, name } of plan.tenants) {
    const before = existing.get(id);
    const tenant = {
      id,
      name: name ?? before?.name ?? id,
      managed: true,
      createdAt: before?.createdAt ?? clock.now(),
    };
    if (JSON.stringify(tenant) !== JSON.stringify(before)) await tenancy.putTenant(tenant);
  }
}

async function putPlace(place: Place, deps: ProvisioningDeps): Promise<void> {
  const { app, planned, tenantId } = place;
  const { stores, vault, clock, limits = defaultAppLimits } = deps;
  await writeOnce(`the app ${app}`, async () => {
    const before = await stores.tenancy.app(app);
    const record = provisionedApp({ tenantId, planned, before, vault, nowMs: clock.now(), limits });
    return record === before || (await stores.tenancy.putApp(record, before?.version ?? 0));
  });
  await putApiKeys(app, planned.apiKeys, { tenancy: stores.tenancy, nowMs: clock.now() });
  for (const input of planned.pages) await putPolicy(stores.pages, app, { input, by, atMs: clock.now() });
  for (const kind of planned.kinds) {
    await writeOnce(`the kind ${kind.kind} of ${app}`, async () => {
      const { version = 0, ...before } = (await stores.kinds.list(app)).find((each) => each.kind === kind.kind) ?? {};
      return JSON.stringify(before) === JSON.stringify(kind) || (await stores.kinds.put(app, kind, version));
    });
  }
}

function managedParts(planned: PlannedApp): ManagedParts {
  return {
    patterns: new Set(planned.pages.map(({ pattern }) => pattern)),
    kinds: new Set(planned.kinds.map(({ kind }) => kind)),
    providers: new Set(planned.providers.map(({ id }) => id)),
    keys: new Set(planned.apiKeys.map(({ id }) => id)),
    hooks: new Set(planned.hooks.map(({ id }) => id)),
    webhooks: new Set(planned.webhooks.map(({ id }) => id)),
  };
}

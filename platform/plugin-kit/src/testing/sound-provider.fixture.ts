// A provider that is sound, and what replaces a part of it by a planted defect. The defects are the tests'.
import { defineNotificationProvider, outcomeOfFailure, outcomeOfStatus, secret, z } from '../index.ts';
import type { Outcome, ProviderContext, ProviderInstance, ProviderLimits, SendAttempt } from '../index.ts';
import { checkNotificationProvider } from './check-notification-provider.ts';
import type { ProviderTestOptions } from './provider-test-options.ts';

export const token = 'token-nobody-may-see';
export const config = z.strictObject({ token: secret(z.string()).meta({ title: 'Token' }) });
export type Context = ProviderContext<z.output<typeof config>>;

export const packageJson = { belfry: { kind: 'notification-provider', id: 'sound', api: '^1.0.0' } };
export const options: ProviderTestOptions = {
  config: { token },
  target: { to: 'x' },
  packageJson,
  answers: [[{ http: 410 }, 'rejected:target_gone']],
  patienceMs: 60,
};

export async function sendSoundly(ctx: Context, signal: AbortSignal): Promise<Outcome> {
  try {
    const headers = { authorization: ctx.config.token };
    const response = await ctx.fetch('https://example.com/', { method: 'POST', headers, body: '{}', signal });
    return outcomeOfStatus(response.status, response.headers, ctx.clock.now());
  } catch (error) {
    return outcomeOfFailure(error);
  }
}

/** A sound provider, with what `setup` returns replaced in part. */
export function provider(
  change: (ctx: Context) => Partial<ProviderInstance> = () => ({}),
  supports = {},
  limits: ProviderLimits = {},
) {
  return defineNotificationProvider({
    id: 'sound',
    channel: 'push',
    displayName: 'Sound',
    description: 'Sound, but for what a test plants in it.',
    config,
    target: z.strictObject({ to: z.string() }),
    ...{ supports, limits },
    setup: (ctx) => ({ send: (_delivery, { signal }) => sendSoundly(ctx, signal), ...change(ctx) }),
  });
}

/** `send` replaced by something that works on the sound outcome. */
export const sending = (send: (ctx: Context, sound: () => Promise<Outcome>, attempt: SendAttempt) => unknown) =>
  provider((ctx) => ({
    send: async (_delivery, attempt) => (await send(ctx, () => sendSoundly(ctx, attempt.signal), attempt)) as Outcome,
  }));

export const never = () => Promise.withResolvers<undefined>().promise;

export async function rulesBroken(plugin: unknown, given: Partial<ProviderTestOptions> = {}): Promise<string[]> {
  const findings = await checkNotificationProvider(plugin, { ...options, ...given });
  return [...new Set(findings.map((finding) => finding.rule))].toSorted();
}

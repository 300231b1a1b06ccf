// The fall-back chain of one message and user: which devices are pushed to first, and which wait for a step.
// Pure; when a step is taken is looks.ts.
import type { Fallback, Priority, PushChannel } from '@belfry/protocol';
import type { Device } from '../../ports/stores/index.ts';

/** What a step is chosen by. */
export interface ChainTerms {
  kind: string;
  priority: Priority;
}

/** What is known of the app's providers, by id; undefined where there is none, or it is off. */
export type ChannelOf = (provider: string) => PushChannel | undefined;

export interface Step {
  /** In the list of the app. */
  at: number;
  fallback: Fallback;
  devices: readonly Device[];
}

export interface Chain {
  /** Those that no step names. */
  first: readonly Device[];
  /** Those that apply and that the user has a device for, in order. A device may be in several. */
  steps: readonly Step[];
}

export function chainOf(
  devices: readonly Device[],
  {
    fallbacks = [],
    terms,
    channelOf,
  }: { fallbacks: readonly Fallback[] | undefined; terms: ChainTerms; channelOf: ChannelOf },
): Chain {
  const steps = fallbacks.flatMap((fallback, at): Step[] => {
    if (!applies(fallback, terms)) return [];
    const named = devices.filter((device) => names(fallback, device, channelOf));
    return named.length === 0 ? [] : [{ at, fallback, devices: named }];
  });
  if (steps.length === 0) return { first: devices, steps };
  const waiting = new Set(steps.flatMap((step) => step.devices));
  return { first: devices.filter((device) => !waiting.has(device)), steps };
}

function applies({ kinds, priorities }: Fallback, { kind, priority }: ChainTerms): boolean {
  return (kinds?.includes(kind) ?? true) && (priorities?.includes(priority) ?? true);
}

function names({ channel, provider }: Fallback, device: Device, channelOf: ChannelOf): boolean {
  return provider === undefined ? channelOf(device.provider) === channel : device.provider === provider;
}

/** What became of the devices that came before a step. */
export interface Before {
  /** There was one that a provider serves. */
  hadDevice: boolean;
  /** A service took it, and none has said since that it could not deliver it. */
  wasTaken: boolean;
  /** An attempt is still to be made. */
  isOpen: boolean;
}

/** `later`: not known yet, as attempts are still to be made. */
export function holds({ after }: Fallback, { hadDevice, wasTaken, isOpen }: Before): 'yes' | 'no' | 'later' {
  if (after === 'not_opened' || !hadDevice) return 'yes';
  if (after === 'no_device' || wasTaken) return 'no';
  return isOpen ? 'later' : 'yes';
}

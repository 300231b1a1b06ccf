// What this browser keeps of its registration for pushes between two loads of the page. Lost, it is registered anew.
import { parseJson } from '../serializer.ts';
import type { Belfry, KeyValue } from '../types.ts';

export interface RememberedPush {
  deviceId: string;
  /** Of the service worker. */
  scope: string;
}

export function rememberedPush(belfry: Belfry): RememberedPush | undefined {
  // What we did not write has neither.
  const { deviceId, scope } = (parseJson(keptBy(belfry).get(keyOf(belfry)) ?? '') ?? {}) as Partial<RememberedPush>;
  return deviceId === undefined || scope === undefined ? undefined : { deviceId, scope };
}

export function rememberPush(belfry: Belfry, remembered: RememberedPush): void {
  keptBy(belfry).set(keyOf(belfry), JSON.stringify(remembered));
}

export function forgetPush(belfry: Belfry): void {
  keptBy(belfry).remove(keyOf(belfry));
}

function keptBy({ surroundings }: Belfry): KeyValue {
  return surroundings.keyValue;
}

function keyOf({ options }: Belfry): string {
  return `belfry:${options.app}:push`;
}

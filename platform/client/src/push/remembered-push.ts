// The registration for pushes as this browser keeps it between two loads of the page. Lost, it is made anew.
import { parseJson } from '../serializer.ts';
import type { Belfry, KeyValue } from '../types.ts';

export interface RememberedPush {
  deviceId: string;
  /** Of the service worker. */
  scope: string;
}

export function rememberedPush(belfry: Belfry): RememberedPush | undefined {
  // A value that is not the SDK's has neither.
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

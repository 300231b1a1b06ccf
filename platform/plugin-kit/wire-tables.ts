// The types of the protocol that the kit's declarations name come from here: scripts/npm-packages/wire-types.ts.
// None of them is generic. Nothing imports it.
import type { DeviceType } from '@belfry/protocol';

export type { DeviceType };

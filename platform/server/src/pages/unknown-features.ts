// Features that page policies name and nobody declares: they have no effect. What a feature allows is the
// protocol's.

import { undeclaredFeatures, type Kind, type PagePolicyInput } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';

export interface FeatureWarning {
  path: (string | number)[];
  message: string;
}

interface Declaring {
  readonly feature?: string | undefined;
}

export interface UnknownFeaturesDeps {
  messageTypes: () => readonly Declaring[];
  kindsOf: (app: AppId) => Promise<readonly Pick<Kind, 'feature'>[]>;
}

export class UnknownFeatures {
  readonly #deps: UnknownFeaturesDeps;

  constructor(deps: UnknownFeaturesDeps) {
    this.#deps = deps;
  }

  /** One warning a feature, with the path in the policy. */
  async unknownIn(app: AppId, { features }: Pick<PagePolicyInput, 'features'>): Promise<FeatureWarning[]> {
    const { messageTypes, kindsOf } = this.#deps;
    const declaring = [...messageTypes(), ...(await kindsOf(app))];
    return undeclaredFeatures(features, declaring).map(({ index, message }) => ({
      path: ['features', index],
      message,
    }));
  }
}

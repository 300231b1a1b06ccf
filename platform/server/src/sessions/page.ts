// What sessions must know of a page's policy. Declared here, where it is used: keeping and changing policies is pages' business.
import type { WirePagePolicy } from '@belfry/protocol';

/** A path and the policy it falls under. Immutable; a changed policy gives another object. */
export interface ResolvedPage {
  readonly policy: WirePagePolicy;
  /** The page's path, normalized. */
  readonly path: string;
  /** The policy's features; empty when it is disabled or gives none. */
  readonly features: ReadonlySet<string>;
}

/** All policies of an app at one moment. */
export interface PolicySet {
  resolve(path: string): ResolvedPage;
}

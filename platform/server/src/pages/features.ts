// The features that pages of an app may have, and what hangs on each: commands, events, types of messages. What a
// feature allows is the protocol's; which a page has, its policy's.

import { builtInFeatures, commandFeature, eventFeatures, messageTypeFeature, type Kind } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';

export interface DeclaredFeature {
  name: string;
  from: 'belfry' | 'kind' | 'message_type';
  /** Clients may send these where a page has it. */
  commands: string[];
  /** Clients are sent these. */
  events: string[];
  /** Messages of these types may be sent. */
  messageTypes: string[];
}

export interface FeaturesDeps {
  messageTypes: () => readonly { readonly id: string; readonly feature?: string | undefined }[];
  kindsOf: (app: AppId) => Promise<readonly Pick<Kind, 'action' | 'feature'>[]>;
}

export class Features {
  readonly #deps: FeaturesDeps;

  constructor(deps: FeaturesDeps) {
    this.#deps = deps;
  }

  /** The built-in ones in their order, then those that kinds and plugins declare, by name. */
  async of(app: AppId): Promise<DeclaredFeature[]> {
    const features = new Map<string, DeclaredFeature>(builtInFeatures.map((name) => [name, begun(name, 'belfry')]));
    const at = (name: string, from: DeclaredFeature['from']): DeclaredFeature => {
      const known = features.get(name) ?? begun(name, from);
      features.set(name, known);
      return known;
    };
    for (const [command, needed] of Object.entries<readonly string[]>(commandFeature)) {
      for (const name of needed) at(name, 'belfry').commands.push(command);
    }
    for (const [event, needed] of Object.entries<readonly string[]>(eventFeatures)) {
      for (const name of needed) at(name, 'belfry').events.push(event);
    }
    for (const [type, name] of messageTypeFeature) at(name, 'belfry').messageTypes.push(type);
    for (const { id, feature } of this.#deps.messageTypes()) {
      if (feature !== undefined && !messageTypeFeature.has(id)) at(feature, 'message_type').messageTypes.push(id);
    }
    for (const { action, feature } of await this.#deps.kindsOf(app)) {
      if (feature !== undefined) at(feature, 'kind').events.push(action);
    }
    const isBuiltIn = ({ from }: DeclaredFeature): boolean => from === 'belfry';
    const all = [...features.values()];
    const declared = all.filter((each) => !isBuiltIn(each)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return [...all.filter(isBuiltIn), ...declared];
  }
}

function begun(name: string, from: DeclaredFeature['from']): DeclaredFeature {
  return { name, from, commands: [], events: [], messageTypes: [] };
}

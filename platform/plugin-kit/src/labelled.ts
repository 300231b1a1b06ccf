// Names of the fields of a form, in each language that the console speaks. Which language is shown, it knows.
import type { z } from 'zod';

export type Label = readonly [title: string, help?: string];

export interface Labels {
  readonly en: Label;
  readonly zh: Label;
}

/**
 * Gives a field its title and help. To be called last: what wraps a schema afterwards (`optional`, `default`)
 * begins without them.
 */
export function labelled<Schema extends z.ZodType>(schema: Schema, { en, zh }: Labels): Schema {
  return schema.meta({ ...schema.meta(), ...partsOf(en), zh: partsOf(zh) });
}

function partsOf([title, description]: Label): { title: string; description?: string } {
  return description === undefined ? { title } : { title, description };
}

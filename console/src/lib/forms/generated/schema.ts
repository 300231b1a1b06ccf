// A JSON Schema as fields that a person can fill in, as far as there are fields for it; the rest is filled in as
// JSON. The server alone says whether a value fits.

export type JsonObject = Readonly<Record<string, unknown>>;

export type FieldForm =
  | { type: 'text'; isLong: boolean; maxLength?: number }
  | { type: 'number'; isWhole: boolean; min?: number; max?: number }
  | { type: 'flag' }
  | { type: 'choice'; options: readonly string[] }
  | { type: 'object'; fields: readonly GeneratedField[] }
  | { type: 'list'; item: FieldForm; most?: number }
  | { type: 'json' };

export interface GeneratedField {
  name: string;
  title: string;
  help?: string;
  isRequired: boolean;
  form: FieldForm;
}

/** From so many characters on a text has room for lines. */
const longChars = 500;
/** A schema that holds itself has no end. */
const mostLevels = 4;

/** Undefined for what is no object with named fields. */
export function fieldsOfSchema(schema: unknown, level = 0): GeneratedField[] | undefined {
  const properties = at(schema, 'properties');
  if (!isObject(properties)) return undefined;
  const required = at(schema, 'required');
  return Object.entries(properties).map(([name, property]) => {
    const [title, help] = [at(property, 'title'), at(property, 'description')];
    return {
      ...{ name, title: typeof title === 'string' ? title : name },
      ...(typeof help === 'string' ? { help } : {}),
      isRequired: Array.isArray(required) && required.includes(name),
      form: formOf(property, level),
    };
  });
}

/** Without what was left empty, at any depth; undefined where nothing is left. */
export function filledIn(value: unknown): unknown {
  if (value === '' || value === undefined || value === null) return undefined;
  if (Array.isArray(value)) {
    const items = value.map(filledIn).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, each]) => {
    const filled = filledIn(each);
    return filled === undefined ? [] : [[name, filled] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Titles of required fields that are empty, at the first level: what is within is said when it is sent. */
export function missingIn(fields: readonly GeneratedField[], value: JsonObject): string[] {
  return fields.flatMap(({ name, title, isRequired }) =>
    isRequired && filledIn(at(value, name)) === undefined ? [title] : [],
  );
}

export function at(value: unknown, name: string): unknown {
  return isObject(value) ? new Map(Object.entries(value)).get(name) : undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function formOf(schema: unknown, level: number): FieldForm {
  const choices = at(schema, 'enum');
  if (Array.isArray(choices) && choices.every((each) => typeof each === 'string')) {
    return { type: 'choice', options: choices };
  }
  switch (at(schema, 'type')) {
    case 'string': {
      const maxLength = numberAt(schema, 'maxLength');
      const isLong = maxLength === undefined || maxLength > longChars;
      return { type: 'text', isLong: isLong && !isLine(schema), ...(maxLength === undefined ? {} : { maxLength }) };
    }
    case 'number':
    case 'integer': {
      const [min, max] = [numberAt(schema, 'minimum'), numberAt(schema, 'maximum')];
      const bounds = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
      return { type: 'number', isWhole: at(schema, 'type') === 'integer', ...bounds };
    }
    case 'boolean':
      return { type: 'flag' };
    case 'object': {
      const fields = level < mostLevels ? fieldsOfSchema(schema, level + 1) : undefined;
      return fields === undefined ? { type: 'json' } : { type: 'object', fields };
    }
    case 'array': {
      const items = at(schema, 'items');
      const most = numberAt(schema, 'maxItems');
      const item = isObject(items) && level < mostLevels ? formOf(items, level + 1) : undefined;
      if (item === undefined || item.type === 'json' || item.type === 'list') return { type: 'json' };
      return { type: 'list', item, ...(most === undefined ? {} : { most }) };
    }
    default:
      return { type: 'json' };
  }
}

/** A text of a certain form is short, whatever its bound: an address, an id, a code. */
function isLine(schema: unknown): boolean {
  return at(schema, 'format') !== undefined || at(schema, 'pattern') !== undefined;
}

function numberAt(schema: unknown, name: string): number | undefined {
  const value = at(schema, name);
  return typeof value === 'number' ? value : undefined;
}

// Gives every field and parameter of an OpenAPI document its description and example. What they say is a
// table of notes by name, since a name means the same everywhere in an API; a schema's own words stay where
// there is no note.

/** `example` may be left out where the field is made of others that have theirs. */
export type FieldNote = readonly [description: string, example?: unknown];

/**
 * By `field`, or by `scope.field` where the field means something of its own there. The scope is the nearest
 * of: the component, the field that holds it, the operation.
 */
export type FieldNotes = ReadonlyMap<string, FieldNote>;

/** As much of a schema of the document as is looked at. */
interface Schema {
  $ref?: string;
  description?: string;
  example?: unknown;
  examples?: unknown[];
  default?: unknown;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  example?: unknown;
  schema: Schema;
}

type Content = Record<string, { schema?: Schema }>;

interface Operation {
  operationId?: string;
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
}

export interface DescribableDocument {
  components?: { schemas?: Record<string, Schema> };
  /** By path, and in each by method. */
  paths?: Record<string, object>;
}

/** What is filled in for a parameter, by the name of the operation and that of the parameter. */
export type FilledIn = (operationId: string, parameter: string) => unknown;

/** Changes the document. Returns the notes that it found no field for. */
export function describeFields(document: DescribableDocument, notes: FieldNotes, filledIn: FilledIn): string[] {
  const walk = new Walk(notes);
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) walk.schema(schema, [name]);
  for (const item of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(item) as Operation[]) describeOperation(walk, operation, filledIn);
  }
  return [...notes.keys()].filter((key) => !walk.used.has(key));
}

function describeOperation(walk: Walk, operation: Operation, filledIn: FilledIn): void {
  const { operationId = '', parameters = [], requestBody, responses } = operation;
  for (const parameter of parameters) walk.parameter(parameter, operationId, filledIn(operationId, parameter.name));
  const contents = [requestBody?.content, ...Object.values(responses).map(({ content }) => content)];
  for (const content of contents) {
    for (const { schema } of Object.values(content ?? {})) if (schema !== undefined) walk.schema(schema, [operationId]);
  }
}

class Walk {
  readonly used = new Set<string>();
  readonly #notes: FieldNotes;

  constructor(notes: FieldNotes) {
    this.#notes = notes;
  }

  /** `scopes`: from the outermost to the nearest. */
  schema(schema: Schema, scopes: readonly string[]): void {
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      this.#field(field, name, scopes);
      this.schema(field, [...scopes, name]);
    }
    const { items, additionalProperties, anyOf = [], oneOf = [], allOf = [] } = schema;
    const parts = [items, additionalProperties, ...anyOf, ...oneOf, ...allOf];
    for (const part of parts) if (typeof part === 'object') this.schema(part, scopes);
  }

  #field(field: Schema, name: string, scopes: readonly string[]): void {
    const [description, example] = this.#find(name, scopes) ?? [];
    if (description !== undefined) field.description = description;
    // A reference has the example of what it refers to.
    if (field.$ref !== undefined) return;
    const shown = example ?? field.example;
    delete field.example;
    if (shown !== undefined) field.examples = [shown];
  }

  /**
   * Swagger UI fills in what stands as `example` of a parameter, so only what a request is sent with has one;
   * of the others the schema shows one.
   */
  parameter(parameter: Parameter, operationId: string, filledIn: unknown): void {
    const { schema } = parameter;
    const isPath = parameter.in === 'path';
    const [description, example] = (isPath ? undefined : this.#find(parameter.name, [operationId])) ?? [];
    parameter.description = description ?? parameter.description ?? schema.description ?? '';
    delete schema.description;
    const shown = filledIn ?? example ?? schema.example;
    delete schema.example;
    if (filledIn !== undefined || isPath) parameter.example = shown;
    else if (shown !== undefined) schema.examples = [shown];
  }

  #find(name: string, scopes: readonly string[]): FieldNote | undefined {
    const key = [`${scopes.at(-1) ?? ''}.${name}`, name].find((each) => this.#notes.has(each));
    if (key === undefined) return undefined;
    this.used.add(key);
    return this.#notes.get(key);
  }
}

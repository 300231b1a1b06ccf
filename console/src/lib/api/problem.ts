// An answer that is no success, as one error that every screen understands. Its words: texts/problems.ts.

export interface ProblemFields {
  code: string;
  status: number;
  /** In English, of the server; shown where the console has no words of its own for the code. */
  detail: string;
  path?: readonly (string | number)[];
  requestId?: string;
  afterMs?: number;
  /** What the codes have beside that: `needs`, `version`, `changedBy`, ... */
  more?: Readonly<Record<string, unknown>>;
}

/** No answer came: the server, or what stands before it, is away. */
const unreachable = 'unreachable';
/** It was known to be: nothing was sent. */
const away = 'away';

export class ProblemError extends Error {
  readonly fields: ProblemFields;

  constructor(fields: ProblemFields) {
    super(`${fields.code}: ${fields.detail}`);
    this.name = 'ProblemError';
    this.fields = fields;
  }

  get code(): string {
    return this.fields.code;
  }

  /** A password or code that is not right; what the role is too little for says what it `needs`. */
  get isWrongSecret(): boolean {
    return this.code === 'unauthorized' || (this.code === 'forbidden' && this.fields.more?.['needs'] === undefined);
  }

  /** It did not go through, and nothing says that it cannot. Reads are tried again then; writes never are. */
  get isPassing(): boolean {
    return this.isOfAbsence || this.fields.status >= 500;
  }

  /** Of a server that does not answer, which is said at the top of the page. */
  get isOfAbsence(): boolean {
    return this.code === unreachable || this.code === away;
  }

  /** A write that waits until the server is back. */
  get isHeld(): boolean {
    return this.code === away;
  }
}

export function serverAway(): ProblemError {
  return new ProblemError({ code: away, status: 0, detail: 'The server does not answer: nothing was sent.' });
}

/** Reads the body of an answer; one that is no problem of Belfry's, as of a proxy, still becomes one. */
export function problemOf(status: number, body: unknown): ProblemError {
  const fields = isObject(body) ? body : {};
  const { code, detail, path, requestId, afterMs, type: _type, title, status: _status, ...more } = fields;
  return new ProblemError({
    code: typeof code === 'string' ? code : status >= 500 ? 'internal' : 'bad_request',
    status,
    detail: typeof detail === 'string' ? detail : typeof title === 'string' ? title : `HTTP ${status}`,
    ...(Array.isArray(path) ? { path: path as (string | number)[] } : {}),
    ...(typeof requestId === 'string' ? { requestId } : {}),
    ...(typeof afterMs === 'number' ? { afterMs } : {}),
    ...(Object.keys(more).length === 0 ? {} : { more }),
  });
}

export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  // What fetch throws where no answer comes.
  if (error instanceof TypeError) return new ProblemError({ code: unreachable, status: 0, detail: error.message });
  return new ProblemError({
    code: 'console',
    status: 0,
    detail: error instanceof Error ? error.message : String(error),
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

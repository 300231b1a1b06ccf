// What went wrong with a call, as a code and a text: of the server, of the SDK, or of this page. Its words in
// each language: texts/.

export interface Problem {
  code: string;
  /** In English, of who refused; for codes that the page has no words of its own for. */
  message: string;
}

/** The server, or what stands before it, did not answer. The SDK has the same code. */
export const unreachable = 'connection_lost';
/** A step of this page that should have ended long ago. */
export const tooSlow = 'too_slow';
/** The page was opened without the secret of the server's present start. */
export const noSecret = 'no_secret';

/** Of this page's own calls. */
export class ProblemError extends Error implements Problem {
  readonly code: string;

  constructor({ code, message }: Problem) {
    super(message);
    this.name = 'ProblemError';
    this.code = code;
  }
}

export function problemOf(error: unknown): Problem {
  if (!(error instanceof Error)) return { code: 'internal', message: String(error) };
  const { message } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'internal';
  return { code, message };
}

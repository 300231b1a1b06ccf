// The checks of a token and their remedies in the person's language, by the names that the server has for
// them.
import { m } from '#texts';

const steps = new Map<string, () => string>([
  ['size', () => m.set_step_size()],
  ['header', () => m.set_step_header()],
  ['key', () => m.set_step_key()],
  ['signature', () => m.set_step_signature()],
  ['sub', () => m.set_step_sub()],
  ['aud', () => m.set_step_aud()],
  ['exp', () => m.set_step_exp()],
  ['nbf', () => m.set_step_nbf()],
  ['iat', () => m.set_step_iat()],
  ['optional', () => m.set_step_optional()],
  ['signed_out', () => m.set_step_signed_out()],
]);

export function stepWords(step: string): string {
  return steps.get(step)?.() ?? step;
}

const remedies = new Map<string, () => string>([
  ['too_large', () => m.remedy_too_large()],
  ['unknown_app', () => m.remedy_unknown_app()],
  ['malformed', () => m.remedy_malformed()],
  ['refused_header', () => m.remedy_refused_header()],
  ['unknown_key', () => m.remedy_unknown_key()],
  ['wrong_signature', () => m.remedy_wrong_signature()],
  ['bad_claim', () => m.remedy_bad_claim()],
  ['wrong_audience', () => m.remedy_wrong_audience()],
  ['expired', () => m.remedy_expired()],
  ['lives_too_long', () => m.remedy_lives_too_long()],
  ['not_yet_valid', () => m.remedy_not_yet_valid()],
  ['signed_out', () => m.remedy_signed_out()],
]);

/** Undefined for a reason that the server knows and the console does not. */
export function remedyWords(reason: string | undefined): string | undefined {
  return remedies.get(reason ?? '')?.();
}

// The answers that every provider must survive, whatever its service. The outcomes they may have:
// provider-scenarios.ts.
import type { Answer } from './answer.ts';

export interface NastyAnswer {
  readonly name: string;
  readonly answer: Answer;
  /** Nothing was delivered, so `accepted` would be untrue. */
  readonly notAccepted: boolean;
}

const page = '<!doctype html><html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>';

export const nastyAnswers: readonly NastyAnswer[] = [
  { name: 'answer HTTP 500', answer: { http: 500, body: { error: 'internal' } }, notAccepted: true },
  { name: 'answer HTTP 999', answer: { http: 999 }, notAccepted: true },
  { name: 'empty body', answer: { http: 200, body: '' }, notAccepted: false },
  { name: 'empty body with HTTP 400', answer: { http: 400, body: '' }, notAccepted: true },
  {
    name: 'HTML body',
    answer: { http: 200, headers: { 'content-type': 'text/html' }, body: page },
    notAccepted: false,
  },
  {
    name: 'HTML body with HTTP 502',
    answer: { http: 502, headers: { 'content-type': 'text/html' }, body: page },
    notAccepted: true,
  },
  {
    name: 'JSON null',
    answer: { http: 200, headers: { 'content-type': 'application/json' }, body: 'null' },
    notAccepted: false,
  },
  { name: 'JSON of another shape with HTTP 400', answer: { http: 400, body: [{ error: [] }] }, notAccepted: true },
  { name: 'unreadable Retry-After', answer: { http: 429, headers: { 'retry-after': 'soon' } }, notAccepted: true },
  { name: 'body that breaks off', answer: { network: 'cut' }, notAccepted: false },
  { name: 'connection reset', answer: { network: 'reset' }, notAccepted: true },
  { name: 'connection refused', answer: { network: 'refused' }, notAccepted: true },
];

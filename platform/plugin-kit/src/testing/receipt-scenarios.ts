// What is tried on a provider that hears of its deliveries later: the author's table of receipts, requests that
// are none, and polls that fail. Sending: provider-scenarios.ts.
import { isDeepStrictEqual } from 'node:util';
import type { NotificationProvider, ProviderInstance } from '../notification-provider.ts';
import { polledReceiptsSchema, receiptsSchema } from '../receipt.ts';
import type { AwaitedReceipt, Receipt, ReceiptRequest, Receipts } from '../receipt.ts';
import type { Answer } from './answer.ts';
import type { Finding, Rule, Scenario } from './finding.ts';
import { nastyAnswers } from './nasty-answers.ts';
import { play } from './provider-play.ts';
import { sampleReceiptUrl } from './provider-test-options.ts';
import type {
  ExpectedReceipts,
  ProviderTestOptions,
  ReceiptLine,
  SampleReceiptRequest,
} from './provider-test-options.ts';

interface Stage {
  readonly plugin: NotificationProvider;
  readonly options: ProviderTestOptions;
}

export function receiptScenarios(stage: Stage): Scenario[] {
  if (stage.plugin.supports.receipts !== true) return [];
  const { receipts = [] } = stage.options;
  return [
    ...strangeRequests.map((request) => strangeScenario(stage, request)),
    ...receipts.map((line) => tableScenario(stage, line)),
    pollsScenario(stage),
  ];
}

/** None of them is a receipt of any service. */
const strangeRequests: readonly (SampleReceiptRequest & { readonly name: string })[] = [
  { name: 'nothing', method: 'GET' },
  { name: 'no JSON', body: '<not a receipt>' },
  { name: 'JSON of nothing', body: 'null' },
  { name: 'JSON of another shape', body: '[1,"a",null,[],{"id":{"a":[]}}]' },
  { name: 'bytes that are no text', body: new Uint8Array([0xff, 0xfe, 0x00, 0xd8]) },
  { name: 'a form of another shape', body: 'a=1&%E0%A4%A=x&__proto__=1&=&MessageSid[]=1' },
  { name: 'odd names', query: { ['__proto__']: 'x', constructor: '' }, headers: { 'x-odd': '\u00ff' } },
];

function strangeScenario(stage: Stage, { name: what, ...request }: (typeof strangeRequests)[number]): Scenario {
  const name = `a receipt that is none: ${what}`;
  return parseScenario(stage, { name, request }, (parsed) =>
    'refused' in parsed || receiptsOf(parsed).length === 0
      ? undefined
      : ['receipt', `makes a receipt of it: ${JSON.stringify(parsed)}`],
  );
}

function tableScenario({ plugin, options }: Stage, [request, expected, { config } = {}]: ReceiptLine): Scenario {
  const stage = { plugin, options: { ...options, config: Object.assign({}, options.config, config) } };
  const name = `the receipt ${sayRequest(request)} means ${JSON.stringify(expected)}`;
  return parseScenario(stage, { name, request }, (parsed) =>
    isExpected(parsed, expected) ? undefined : ['receipt', `was ${JSON.stringify(parsed)}`],
  );
}

function parseScenario(
  stage: Stage,
  { name, request }: { name: string; request: SampleReceiptRequest },
  problemOf: (parsed: Receipts) => readonly [Rule, string] | undefined,
): Scenario {
  const call = (instance: ProviderInstance) => instance.parseReceipt?.(requestOf(request)) ?? { refused: 'only polls' };
  const run = async (): Promise<Finding[]> => {
    const played = await play({ ...stage, name, answers: [], call, receiptUrl: sampleReceiptUrl });
    if (!('returned' in played)) return played.findings;
    const parsed = receiptsSchema.safeParse(played.returned);
    const problem: readonly [Rule, string] | undefined = parsed.success
      ? (problemOf(parsed.data) ?? namesNothing(receiptsOf(parsed.data)))
      : ['outcome', `must give a list of receipts or { refused }, gave ${JSON.stringify(played.returned)}`];
    return problem === undefined
      ? played.findings
      : [...played.findings, { rule: problem[0], scenario: name, problem: problem[1] }];
  };
  return { name, run };
}

/** Accepted an hour and a day ago, by names that a service may and may not have made. */
const awaited: readonly AwaitedReceipt[] = [
  { deliveryId: '01890a5d-ac96-774b-bcce-b302099a8057', providerMessageId: 'm-1', acceptedAtMs: 1_767_222_000_000 },
  { deliveryId: '01890a5d-ac96-774b-bcce-b302099a8058', providerMessageId: 'odd \u0000/../%zz', acceptedAtMs: 1 },
  { deliveryId: '01890a5d-ac96-774b-bcce-b302099a8059', acceptedAtMs: 1_767_139_200_000 },
];

/** In one, as most providers do not poll. */
function pollsScenario(stage: Stage): Scenario {
  const polls = [
    ...nastyAnswers.map(({ name, answer }) => pollScenario(stage, { name: `poll: ${name}`, answer })),
    pollScenario(stage, { name: 'poll: time-out while waiting', answer: { network: 'silence' }, isAborted: true }),
  ];
  const run = async (): Promise<Finding[]> => {
    const findings: Finding[] = [];
    for (const poll of polls) findings.push(...(await poll.run()));
    return findings;
  };
  return { name: 'polls that fail', run };
}

/** A throw is no fault here: the host asks again. It may not hang, and may not make receipts out of nothing. */
function pollScenario(
  stage: Stage,
  { name, answer, isAborted = false }: { name: string; answer: Answer; isAborted?: boolean },
): Scenario {
  const run = async (): Promise<Finding[]> => {
    const played = await play({
      ...{ ...stage, name, answers: [answer] },
      ...(isAborted ? { abort: 'while waiting' as const } : {}),
      call: async (instance, { signal }) => {
        try {
          return (await instance.pollReceipts?.(awaited, { signal })) ?? [];
        } catch {
          return [];
        }
      },
    });
    if (!('returned' in played)) return played.findings;
    const parsed = polledReceiptsSchema.safeParse(played.returned);
    const problem: readonly [Rule, string] | undefined = !parsed.success
      ? ['outcome', `must give a list of receipts, gave ${JSON.stringify(played.returned)}`]
      : parsed.data.length > 0
        ? ['receipt', `makes receipts of an answer that has none: ${JSON.stringify(parsed.data)}`]
        : undefined;
    return problem === undefined
      ? played.findings
      : [...played.findings, { rule: problem[0], scenario: name, problem: problem[1] }];
  };
  return { name, run };
}

function requestOf({ method = 'POST', headers = {}, query = {}, body = '' }: SampleReceiptRequest): ReceiptRequest {
  if (body instanceof Uint8Array) return { method, headers, query, body };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { method, headers, query, body: new TextEncoder().encode(text) };
}

function sayRequest({ body, ...rest }: SampleReceiptRequest): string {
  const said = body instanceof Uint8Array ? new TextDecoder().decode(body) : body;
  return JSON.stringify({ ...rest, ...(said === undefined ? {} : { body: said }) });
}

function receiptsOf(parsed: Receipts): readonly Receipt[] {
  if (Array.isArray(parsed)) return parsed;
  return 'receipts' in parsed ? parsed.receipts : [];
}

function namesNothing(receipts: readonly Receipt[]): readonly [Rule, string] | undefined {
  const isNameless = receipts.some(
    ({ deliveryId, providerMessageId }) => deliveryId === undefined && providerMessageId === undefined,
  );
  return isNameless ? ['receipt', 'a receipt names neither the delivery nor the message'] : undefined;
}

function isExpected(parsed: Receipts, expected: ExpectedReceipts): boolean {
  if (expected === 'refused') return 'refused' in parsed;
  if ('refused' in parsed) return false;
  const { receipts: lines, answer } = 'receipts' in expected ? expected : { receipts: expected, answer: undefined };
  const receipts = receiptsOf(parsed);
  return (
    receipts.length === lines.length &&
    lines.every((line, at) => hasFields(receipts[at], line)) &&
    isDeepStrictEqual('receipts' in parsed ? parsed.answer : undefined, answer)
  );
}

function hasFields(receipt: Receipt | undefined, line: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(line).every(([field, value]) => isDeepStrictEqual(Reflect.get(receipt ?? {}, field), value));
}

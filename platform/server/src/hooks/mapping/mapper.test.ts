import { BelfryError } from '@belfry/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentMetrics } from '../../../test/support/silent-metrics.ts';
import { createSystemClock } from '../../drivers/clock.ts';
import { Mapper } from './mapper.ts';

const quiet = { warn: () => undefined };
const create = (runMs = 300): Mapper =>
  new Mapper({
    clock: createSystemClock(),
    log: quiet,
    metrics: silentMetrics,
    limits: { hookMappingMs: runMs, mappingsAtOnce: 4, mappingsWaiting: 200 },
  });
const payload = JSON.stringify({ patient: 'bob', text: 'ready', list: [1, 2, 3] });

let mapper: Mapper;
beforeAll(() => {
  mapper = create();
});
afterAll(() => mapper.close());

const map = (mapping: string, owner = 'demo') => mapper.map(owner, { mapping, payload });

describe('a mapping', () => {
  it('makes JSON of a payload', async () => {
    const mapping = "{ 'users': [patient], 'title': $uppercase(text), 'sum': $sum(list), 'none': absent }";
    expect(await map(mapping)).toEqual({ ok: true, value: { users: ['bob'], title: 'READY', sum: 6 } });
  });

  it('has the functions of JSONata, base64 included, in any order of use', async () => {
    expect(await map("$base64encode('häM?')")).toEqual({ ok: true, value: btoa('häM?') });
    expect(await map("$base64decode('aGVsbG8=')")).toEqual({ ok: true, value: 'hello' });
    expect(await map("$formatNumber(1234.5, '#,##0.00') & $join(list.$string(), '-')")).toEqual({
      ok: true,
      value: '1,234.501-2-3',
    });
    expect(await map("$replace(text, /r(e)/, '$1') & $pad('x', 3, '-')")).toEqual({ ok: true, value: 'eadyx--' });
  });

  it('fails with the reason when it makes nothing, or something with a function in it', async () => {
    expect(await map('absent')).toEqual({
      ok: false,
      reason: 'The mapping made nothing of this payload.',
      isNothing: true,
    });
    expect(await map("{ 'f': $sum }")).toEqual({ ok: false, reason: 'There is a function in the result, at f.' });
    expect(await map("{ 'f': function($x) { $x } }")).toMatchObject({ ok: false });
  });

  it('with a mistake is refused with the place of it, before it is ever run', async () => {
    expect(await mapper.check('demo', "{ 'a': }")).toMatch(/at character \d+/);
    expect(await mapper.check('demo', 'text')).toBeUndefined();
    expect(await map("{ 'a': }")).toMatchObject({ ok: false });
  });

  it('keeps nothing from one payload to the next', async () => {
    expect(await map('($seen := $exists($seen) ? "again" : "first"; $seen)')).toEqual({ ok: true, value: 'first' });
    expect(await map('($seen := $exists($seen) ? "again" : "first"; $seen)')).toEqual({ ok: true, value: 'first' });
  });
});

describe('a hostile mapping', () => {
  const doubled = (times: number): string => `$reduce([1..${times}], function($a, $b) { $a & $a }, 'xxxx')`;

  it.each([
    ['calls itself without end', '($f := function($n) { $f($n + 1) + 1 }; $f(0))'],
    ['loops without end', '($f := function($n) { $f($n + 1) }; $f(0))'],
    ['has a catastrophic pattern', `$match('${'a'.repeat(40)}b', /^(a+)+$/)`],
    ['makes a huge text by padding', "$pad('x', 500000000)"],
    ['makes a huge text by doubling', doubled(28)],
    ['makes a huge text by replacing', `$replace(${doubled(17)}, 'x', ${doubled(17)})`],
    ['takes a huge text apart', `$length($replace(${doubled(14)}, 'x', ${doubled(13)}))`],
    ['makes a huge list', '[1..10000000]'],
    ['makes many lists', '[1..90000].[1..90000]'],
    ['makes a result that grows when written', '$reduce([1..60], function($a, $b) { [$a, $a] }, [1])'],
    ['writes such a one within', '$length($string($reduce([1..60], function($a, $b) { [$a, $a] }, [1])))'],
    ['sorts without end', '$sort([1..90000], function($a, $b) { true })'],
    ['runs text as code', "$eval('1')"],
    ['runs text as code by another name', "($e := $eval; $e('1'))"],
    ['nests too deeply to be read', '('.repeat(60_000)],
  ])('that %s is refused with a reason, and the next is served', async (_what, mapping) => {
    const mapped = await map(mapping);
    expect(mapped).toMatchObject({ ok: false });
    expect(await map('text', 'somebody else')).toEqual({ ok: true, value: 'ready' });
  });

  it.each([
    '$.constructor',
    "$lookup($, '__proto__')",
    '$.__proto__.constructor',
    "text.constructor.constructor('return process')()",
    '$sum.constructor',
    '$match.implementation',
    'process',
    '$process',
    '$require',
    '$global',
    'globalThis',
  ])('finds nothing at %s', async (mapping) => {
    expect(await map(mapping)).toMatchObject({ ok: false });
  });

  it('changes nothing for the next one', async () => {
    await map("$merge([{ '__proto__': { 'polluted': 1 } }])");
    await map("$ ~> |$|{ '__proto__': { 'polluted': 1 }, 'constructor': { 'prototype': { 'polluted': 1 } } }|");
    await map("($sum := function() { 'mine' }; $sum())");
    expect(await map("{ 'a': polluted, 'b': $.nothing.polluted, 'c': $sum(list) }")).toEqual({
      ok: true,
      value: { c: 6 },
    });
  });

  it('does not hold up this process, nor the mappings of others', async () => {
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 5);
    const endless = Array.from({ length: 3 }, () => map('($f := function($n) { $f($n + 1) }; $f(0))', 'hostile'));
    await map('text', 'another');
    const first = await Promise.race([endless[2], map('text', 'another').then(() => 'served')]);
    await Promise.all(endless);
    clearInterval(ticking);
    expect(first).toBe('served');
    expect(turns).toBeGreaterThan(20);
  });

  it('of as many owners as there are processes, each with many, keeps a bystander for one run and no longer', async () => {
    const own = create(200);
    const endless = '($f := function($n) { $f($n + 1) }; $f(0))';
    let ended = 0;
    const hostile = ['h1', 'h2', 'h3', 'h4'].flatMap((owner) =>
      Array.from({ length: 10 }, () =>
        own.map(owner, { mapping: endless, payload }).then(
          () => (ended += 1),
          () => undefined,
        ),
      ),
    );
    expect(await own.map('bystander', { mapping: 'text', payload })).toEqual({ ok: true, value: 'ready' });
    // The four that had begun, at most, and not one of the 36 that waited longer.
    expect(ended).toBeLessThanOrEqual(4);
    await own.close();
    await Promise.all(hostile);
  });

  it('ends its own process and no other when it takes all memory', async () => {
    const own = create(10_000);
    const hoard = "$map([1..90000], function($x) { $split($pad('x', 1000000), '') })";
    expect(await own.map('hostile', { mapping: hoard, payload })).toEqual({
      ok: false,
      reason: 'The mapping took more memory than it may have.',
    });
    expect(await own.map('hostile', { mapping: 'text', payload })).toEqual({ ok: true, value: 'ready' });
    await own.close();
  });

  it('is refused when its runs pile up, and its owner alone', async () => {
    const own = create(200);
    const endless = Array.from({ length: 110 }, () =>
      own
        .map('hostile', { mapping: '($f := function($n) { $f($n + 1) }; $f(0))', payload })
        .catch((error: unknown) => error),
    );
    expect(await own.map('another', { mapping: 'text', payload })).toEqual({ ok: true, value: 'ready' });
    await own.close();
    const codes = (await Promise.all(endless)).map((each) => (each instanceof BelfryError ? each.code : 'ran'));
    expect(codes.filter((code) => code === 'overloaded').length).toBeGreaterThanOrEqual(9);
    await expect(own.map('another', { mapping: 'text', payload })).rejects.toMatchObject({ code: 'unavailable' });
  });
});

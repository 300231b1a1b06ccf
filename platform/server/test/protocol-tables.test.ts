// Every error code, close code and limit of the tables is given or read by the server and met by a test, and
// whatever is given is in the tables. What each means: docs/errors.md, docs/configuration.md.
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { closeCodes, errorTable, type CloseName, type ErrorCode } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { limitNames, limitVariable } from '../src/config/limits.ts';
import { createTestUploads, demo, incoming } from '../src/uploads/test/uploads.fixture.ts';
import { png } from './support/sample-files.ts';

const root = join(import.meta.dirname, '../../..');

interface Text {
  file: string;
  text: string;
}

function read(...patterns: string[]): Text[] {
  const files = globSync(patterns, { cwd: root, exclude: ['**/node_modules/**', '**/dist/**'] });
  const isFile = (file: string): boolean => statSync(join(root, file)).isFile();
  return files
    .filter(isFile)
    .sort()
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
}

const isOfTests = ({ file }: Text): boolean => /\.(test|fixture)\.ts$|\/test\//.test(file);
const typeScript = read('platform/server/src/**/*.ts');
const source = typeScript.filter((each) => !isOfTests(each));
/** This file names every code, so it proves nothing about them. */
const tests = [
  ...typeScript.filter(isOfTests),
  ...read('platform/server/test/**/*.ts', 'platform/protocol/suite/scenarios/*.json'),
].filter(({ file }) => !file.endsWith('protocol-tables.test.ts'));

function filesWith(texts: readonly Text[], pattern: RegExp): string[] {
  return texts.filter(({ text }) => pattern.test(text)).map(({ file }) => file);
}

const errorCodes = Object.keys(errorTable) as ErrorCode[];
const closeNames = Object.keys(closeCodes) as CloseName[];
const isReserved = (name: CloseName): boolean => 'reserved' in closeCodes[name];

describe('error codes', () => {
  /** Lists of codes for the OpenAPI document are no producers. */
  const producers = source.filter(({ file }) => !file.endsWith('http/openapi.ts'));

  test.each(errorCodes)('%s is given by the server', (code) => {
    expect(filesWith(producers, new RegExp(`'${code}'`))).not.toEqual([]);
  });

  test.each(errorCodes.filter((code) => code !== 'request_timeout'))('%s is met by a test or a transcript', (code) => {
    expect(filesWith(tests, new RegExp(`['"]${code}['"]`))).not.toEqual([]);
  });

  test('request_timeout is the answer to an upload that was given up while it arrived', async () => {
    const world = await createTestUploads();
    async function* late(): AsyncGenerator<Uint8Array> {
      yield png;
      await world.clock.advance(3_600_000);
      await world.tidying.once();
    }
    const taken = world.uploads.take(demo, 'user:alice', incoming('a.png', png, { content: late() }));
    await expect(taken).rejects.toMatchObject({ code: 'request_timeout' });
    await world.dispose();
  });

  test('whatever is thrown is in the table', () => {
    const thrown = source.flatMap(({ text }) =>
      [...text.matchAll(/new BelfryError\(\s*'(\w+)'/g)].map(([, code]) => code),
    );
    expect(thrown.length).toBeGreaterThan(100);
    expect(thrown.filter((code) => !errorCodes.includes(code as ErrorCode))).toEqual([]);
  });
});

describe('close codes', () => {
  /**
   * Files with a call that closes with the name, an error of the WebSocket library that stands for it, or a
   * function that returns it.
   */
  function closersWith(name: CloseName): string[] {
    const calls = new RegExp(
      `\\b(close|closeAtOnce|finish|closing|closeApp|closeUser|disconnect)\\([^;]{0,160}'${name}'` +
        `|'WS_ERR_\\w+', '${name}'|transportErrors\\[[^;]*'${name}'`,
    );
    const returns = new RegExp(`return [^;{\\n]*'${name}'|closeName: '${name}'`);
    const isCloser = ({ text }: Text): boolean =>
      calls.test(text) || (text.includes('CloseName') && returns.test(text));
    return source.filter(isCloser).map(({ file }) => file);
  }

  test.each(closeNames.filter((name) => !isReserved(name)))('%s is given by the server', (name) => {
    expect(closersWith(name)).not.toEqual([]);
  });

  test.each(closeNames.filter(isReserved))('%s is reserved: the server never closes with it', (name) => {
    expect(closersWith(name)).toEqual([]);
  });

  test.each(closeNames.filter((name) => !isReserved(name)))('%s is met by a test or a transcript', (name) => {
    const { code } = closeCodes[name];
    expect(filesWith(tests, new RegExp(`\\b${code}\\b|closeCodes\\.${name}\\b`))).not.toEqual([]);
  });

  test('each is in the table of docs/protocol.md, with what to do, and no other is', () => {
    const [page] = read('docs/protocol.md');
    const rows = [...(page?.text ?? '').matchAll(/^\| ([\d, ]+?) +\|/gm)].flatMap(([, codes = '']) =>
      codes.split(', '),
    );
    const known = Object.values(closeCodes).map(({ code }) => String(code));
    // 1005, 1006 and 1014 are never in a close frame.
    expect(rows.sort()).toEqual([...known, '1005', '1006', '1014'].sort());
  });
});

describe('limits', () => {
  const readers = source.filter(({ file }) => !file.includes('/src/config/'));

  test.each(limitNames)('%s is read by what it bounds', (name) => {
    expect(filesWith(readers, new RegExp(`\\b${name}\\b`))).not.toEqual([]);
  });

  test('each variable that a page or a chart names is a limit', () => {
    const named = read('docs/*.md', 'deploy/**/*', 'helm/**/*', 'README.md').flatMap(
      ({ text }) => text.match(/\bLIMIT_[A-Z_]*[A-Z]\b/g) ?? [],
    );
    const variables = limitNames.map(limitVariable);
    expect(named.length).toBeGreaterThanOrEqual(variables.length);
    expect([...new Set(named)].filter((variable) => !variables.includes(variable))).toEqual([]);
  });
});

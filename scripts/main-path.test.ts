// "Find all references" on a declaration of the main path leads to its callers: nobody calls it through an
// interface that was declared again elsewhere.
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';

const root = dirname(import.meta.dirname);
const server = 'platform/server/src';

/** Where a member is declared, and what holds it. */
const members: [file: string, type: string, member: string][] = [
  ['conversations/stream-log.ts', 'StreamLog', 'append'],
  ['commands/router.ts', 'CommandRouter', 'connect'],
  ['commands/router.ts', 'CommandRouter', 'run'],
  ['journey/recorder.ts', 'JourneyRecorder', 'planned'],
  ['journey/recorder.ts', 'JourneyRecorder', 'push'],
  ['pages/policy-set.ts', 'PolicySet', 'resolve'],
  ['sessions/closing.ts', 'Closing', 'closeUser'],
  ['sessions/sessions.ts', 'Sessions', 'disconnect'],
  ['plugins/provider-handle.ts', 'ProviderHandle', 'send'],
  ['ports/stores/messages.ts', 'MessageStore', 'changed'],
];

let service: ts.LanguageService;

beforeAll(() => {
  service = createService();
}, 60_000);

describe('production callers are found from the declaration', () => {
  test.each(members)('in %s of %s.%s', { timeout: 60_000 }, (file, type, member) => {
    expect(callersOf(join(root, server, file), type, member)).not.toEqual([]);
  });

  test('no callers are found of a member that nobody calls', { timeout: 60_000 }, () => {
    expect(callersOf(join(root, 'scripts/fixtures/main-path.fixture.ts'), 'Uncalled', 'run')).toEqual([]);
    expect(callersOf(join(root, 'scripts/fixtures/main-path.fixture.ts'), 'Called', 'run')).toEqual([
      'scripts/fixtures/main-path.fixture.ts',
    ]);
  });
});

/** Files of production code that call the member, found from its declaration alone. */
function callersOf(file: string, type: string, member: string): string[] {
  const source = service.getProgram()?.getSourceFile(file);
  if (source === undefined) throw new Error(`there is no ${file}`);
  const found = service.getReferencesAtPosition(file, positionOf(source, type, member)) ?? [];
  const files = found.filter(isCall).map(({ fileName }) => relative(root, fileName));
  return [...new Set(files)].filter((path) => !isTest(path)).sort();
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$|\/test\/|^platform\/.*\.fixture\.ts$/.test(path);
}

/** Of an interface, a class, or a type alias of an object. */
function positionOf(source: ts.SourceFile, type: string, member: string): number {
  for (const statement of source.statements) {
    const isNamed =
      ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
    if (!isNamed || statement.name?.text !== type) continue;
    const holders = ts.isTypeAliasDeclaration(statement)
      ? ts.isTypeLiteralNode(statement.type)
        ? statement.type.members
        : []
      : statement.members;
    const declared = holders.find(({ name }) => name !== undefined && ts.isIdentifier(name) && name.text === member);
    if (declared?.name !== undefined) return declared.name.getStart(source);
  }
  throw new Error(`${relative(root, source.fileName)} declares no ${type}.${member}`);
}

/** `x.member(...)`, as opposed to its declaration, an implementation, or a member that is only passed on. */
function isCall({ fileName, textSpan }: ts.ReferenceEntry): boolean {
  const source = service.getProgram()?.getSourceFile(fileName);
  if (source === undefined) return false;
  let node: ts.Node = source;
  for (;;) {
    const inner: ts.Node | undefined = ts.forEachChild(node, (child) =>
      child.getStart(source) <= textSpan.start && child.end >= textSpan.start + textSpan.length ? child : undefined,
    );
    if (inner === undefined) break;
    node = inner;
  }
  const access = node.parent;
  return ts.isPropertyAccessExpression(access) && access.name === node && ts.isCallExpression(access.parent);
}

function createService(): ts.LanguageService {
  const parsed = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.json'), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
    },
  });
  if (parsed === undefined) throw new Error('tsconfig.json cannot be read');
  return ts.createLanguageService({
    getCompilationSettings: () => parsed.options,
    getScriptFileNames: () => parsed.fileNames,
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) => {
      const text = ts.sys.readFile(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    ...(ts.sys.realpath === undefined ? {} : { realpath: ts.sys.realpath }),
  });
}

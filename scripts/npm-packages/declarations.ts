// Makes the declarations of a package for those outside of this repository: one file for each module, and one with
// what they take of the protocol; of the protocol itself, the modules too. Types are checked elsewhere.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { wireTypes } from './wire-types.ts';

const protocolFile = 'protocol.d.ts';

interface Wanted {
  /** The folder of the package, with its tsconfig.types.json. */
  project: string;
  /** Where they are written to. */
  folder: string;
  /** A file with the generic types that it names, as tables by name. */
  tables: string;
}

/** Throws where the compiler cannot say a type. */
export function writeDeclarations({ project, folder, tables }: Wanted): void {
  const program = createProgram(project, [tables]);
  const src = join(project, 'src');
  const named = new Set<string>();
  emit(program, {
    onlyTypes: true,
    take(path, text) {
      if (!path.startsWith(src)) return;
      const file = relative(src, path);
      write(join(folder, file), outside(text, { file, named }));
    },
  });
  const checker = program.getTypeChecker();
  const sources = { checker, tables: moduleAt(program, tables), protocol: protocolOf(program, tables) };
  write(join(folder, protocolFile), `// What of Belfry's protocol this package names.\n${wireTypes(sources, named)}`);
}

/** JavaScript and declarations of every module of the project, in the same folders. Throws where the compiler cannot say a type. */
export function writeModules({ project, folder }: Pick<Wanted, 'project' | 'folder'>): void {
  emit(createProgram(project), {
    onlyTypes: false,
    take(path, text) {
      write(join(folder, relative(project, path)), withNamesOfModules(text));
    },
  });
}

interface Emitting {
  onlyTypes: boolean;
  take: (path: string, text: string) => void;
}

function emit(program: ts.Program, { onlyTypes, take }: Emitting): void {
  const { diagnostics } = program.emit(undefined, take, undefined, onlyTypes);
  if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, formatHost));
}

const formatHost: ts.FormatDiagnosticsHost = {
  getCurrentDirectory: () => process.cwd(),
  getCanonicalFileName: (file) => file,
  getNewLine: () => '\n',
};

function createProgram(project: string, more: readonly string[] = []): ts.Program {
  const config = join(project, 'tsconfig.types.json');
  const { options, fileNames, errors } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(config, (path) => ts.sys.readFile(path)).config,
    ts.sys,
    project,
  );
  if (errors.length > 0) throw new Error(ts.formatDiagnostics(errors, formatHost));
  return ts.createProgram([...fileNames, ...more], options);
}

function moduleAt(program: ts.Program, path: string): ts.Symbol {
  const file = program.getSourceFile(path);
  const module = file && program.getTypeChecker().getSymbolAtLocation(file);
  if (module === undefined) throw new Error(`${path} is not part of the declarations`);
  return module;
}

/** As the file of tables imports it. */
function protocolOf(program: ts.Program, tables: string): ts.Symbol {
  const [imported] = program.getSourceFile(tables)?.statements.filter((each) => ts.isImportDeclaration(each)) ?? [];
  const module = imported && program.getTypeChecker().getSymbolAtLocation(imported.moduleSpecifier);
  if (module === undefined) throw new Error('@belfry/protocol cannot be found');
  return module;
}

/** The text with imports that work where neither sources nor protocol are; adds to `named` what it takes of the protocol. */
function outside(text: string, { file, named }: { file: string; named: Set<string> }): string {
  const protocol = relative(dirname(file), 'protocol.js');
  const path = protocol.startsWith('.') ? protocol : `./${protocol}`;
  return withNamesOfModules(text)
    .replace(/(?<=\b(?:im|ex)port (?:type )?)\{([^}]*)\}(?= from ['"]@belfry\/protocol['"])/g, (names) => {
      for (const [, name] of names.matchAll(/(?:[{,]\s*)(?:type )?(\w+)/g)) if (name !== undefined) named.add(name);
      return names;
    })
    .replace(/(?<=['"])@belfry\/protocol(?=['"])/g, path);
}

/** The compiler leaves them as they are in declarations. */
function withNamesOfModules(text: string): string {
  return text.replace(/(?<=(?:from|import) ['"]\.[^'"]*|import\(['"]\.[^'"]*)\.tsx?(?=['"])/g, '.js');
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

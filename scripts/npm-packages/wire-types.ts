// Writes the types of the protocol that the SDK's declarations name, without the schemas that they are made
// from: who installs the SDK gets neither @belfry/protocol nor zod. Which names those are is declarations.ts's.
import ts from 'typescript';

const format: ts.TypeFormatFlags =
  ts.TypeFormatFlags.NoTruncation |
  ts.TypeFormatFlags.InTypeAlias |
  ts.TypeFormatFlags.UseSingleQuotesForStringLiteralType |
  ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;

interface Sources {
  checker: ts.TypeChecker;
  protocol: ts.Symbol;
  /** The module wire-tables.ts. */
  tables: ts.Symbol;
}

/** One file of declarations with these exports of the protocol, and what they name in turn. */
export function wireTypes({ checker, protocol, tables }: Sources, wanted: Iterable<string>): string {
  const exported = namesOf(checker, protocol);
  const tableOf = namesOf(checker, tables);
  const written = new Map<string, string>();
  const waiting = [...wanted];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (written.has(name)) continue;
    const symbol = exported.get(name);
    if (symbol === undefined) throw new Error(`@belfry/protocol exports no ${name}`);
    const text = declare(checker, symbol, tableOf.get(`${name}Table`));
    written.set(name, text);
    // Names of properties may look like types: a type too many does no harm.
    waiting.push(...(text.match(/\b[A-Z]\w*/g) ?? []).filter((found) => exported.has(found)));
  }
  return [...written]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => text)
    .join('\n');
}

function namesOf(checker: ts.TypeChecker, module: ts.Symbol): Map<string, ts.Symbol> {
  return new Map(
    checker
      .getExportsOfModule(module)
      .map((symbol) => [symbol.name, symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol]),
  );
}

function declare(checker: ts.TypeChecker, symbol: ts.Symbol, table: ts.Symbol | undefined): string {
  const { name } = symbol;
  const declaration = symbol.declarations?.[0];
  const said = comment(checker, symbol, '');
  if (declaration === undefined) throw new Error(`${name} is declared nowhere`);
  if (!ts.isTypeAliasDeclaration(declaration) && !ts.isInterfaceDeclaration(declaration)) {
    const type = checker.getTypeOfSymbolAtLocation(symbol, declaration);
    return `${said}export declare const ${name}: ${checker.typeToString(type, undefined, format)};\n`;
  }
  const parameter = declaration.typeParameters?.[0];
  if (parameter === undefined) {
    return `${said}export type ${name} = ${expand(checker, checker.getDeclaredTypeOfSymbol(symbol))};\n`;
  }
  if (table === undefined) throw new Error(`${name} is generic: write it as ${name}Table in wire-tables.ts`);
  const rows = expand(checker, checker.getDeclaredTypeOfSymbol(table));
  return `export interface ${name}Table ${rows}\n${said}export type ${name}<A extends keyof ${name}Table> = ${name}Table[A];\n`;
}

/** An object field by field, with what the protocol says of each; every other type as the compiler says it. */
function expand(checker: ts.TypeChecker, type: ts.Type, indent = ''): string {
  const properties = checker.getPropertiesOfType(type);
  const isPlainObject =
    (type.flags & ts.TypeFlags.Object) !== 0 &&
    properties.length > 0 &&
    type.getCallSignatures().length === 0 &&
    checker.getIndexInfosOfType(type).length === 0 &&
    !checker.isArrayLikeType(type);
  if (!isPlainObject) return checker.typeToString(type, undefined, format);
  const fields = properties.map((property) => {
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const value = expand(checker, checker.getTypeOfSymbol(property), `${indent}  `);
    return `${comment(checker, property, `${indent}  `)}${indent}  ${property.name}${isOptional ? '?' : ''}: ${value};\n`;
  });
  return `{\n${fields.join('')}${indent}}`;
}

function comment(checker: ts.TypeChecker, symbol: ts.Symbol, indent: string): string {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll('\n', ' ');
  return text === '' ? '' : `${indent}/** ${text} */\n`;
}

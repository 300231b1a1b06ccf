// A lint rule: a plain object is no table of names that somebody else chose. `table[name]` finds what every
// object has when the name is `constructor` or `toString`, and `table['__proto__'] = x` changes the object
// itself. A Map has only what was put into it. Reading after `Object.hasOwn`, or by the object's own keys, is
// as good.
import type { Rule, SourceCode } from 'eslint';
import ts from 'typescript';

/** The part of typescript-eslint's parser services that is used. */
interface TypeServices {
  program: ts.Program;
  getTypeAtLocation(node: object): ts.Type;
}

interface Access {
  table: string;
  name: string;
  sourceCode: SourceCode;
}

export const foreignNames: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      table:
        'A name that is any string may be `constructor` or `__proto__`: use a Map, Object.fromEntries, or ask Object.hasOwn({{table}}, {{name}}) before.',
    },
  },
  create(context) {
    const { sourceCode } = context;
    const services = sourceCode.parserServices as unknown as TypeServices;
    const checker = services.program.getTypeChecker();
    return {
      MemberExpression(node) {
        if (!node.computed || !isAnyString(services.getTypeAtLocation(node.property))) return;
        if (!isTable(checker, services.getTypeAtLocation(node.object))) return;
        const access = { table: sourceCode.getText(node.object), name: sourceCode.getText(node.property), sourceCode };
        if (isAsked(node, access) || isOwnKey(node, access)) return;
        context.report({ node, messageId: 'table', data: { table: access.table, name: access.name } });
      },
    };
  },
};

function isAnyString(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.String) !== 0;
}

/** Whether any string may be asked of it; of a union, of any of its parts. */
function isTable(checker: ts.TypeChecker, type: ts.Type): boolean {
  const parts = type.isUnion() ? type.types : [type];
  return parts.some(
    (part) => !isWithoutPrototype(part) && checker.getIndexInfoOfType(part, ts.IndexKind.String) !== undefined,
  );
}

/** The SDK's snapshots show such tables: client's table-of.ts. */
function isWithoutPrototype(type: ts.Type): boolean {
  return type.getSymbol()?.getName() === 'Table';
}

/** Whether the same function asks `Object.hasOwn` of the same table and name. */
function isAsked(node: Rule.Node, { table, name, sourceCode }: Access): boolean {
  const holder = around(node, ({ type }) => type.includes('Function'));
  return sourceCode.getText(holder).includes(`Object.hasOwn(${table}, ${name})`);
}

/** Whether the name is read, and comes from a loop over somebody's own keys. */
function isOwnKey(node: Rule.Node, { name, sourceCode }: Access): boolean {
  const { parent } = node;
  if (parent?.type === 'AssignmentExpression' && parent.left === node) return false;
  const declares = (left: string): boolean =>
    left === `const ${name}` || left.startsWith(`const [${name},`) || left === `const [${name}]`;
  const loop = around(node, (outer) => outer.type === 'ForOfStatement' && declares(sourceCode.getText(outer.left)));
  return loop?.type === 'ForOfStatement' && /^Object\.(keys|entries)\b/.test(sourceCode.getText(loop.right));
}

function around(node: Rule.Node, fits: (outer: Rule.Node) => boolean): Rule.Node | undefined {
  let outer: Rule.Node | null = node.parent;
  while (outer !== null && !fits(outer)) outer = outer.parent;
  return outer ?? undefined;
}

import type { ExprNode } from 'jsonata';

/** What a plain expression reads, or that it can't be read plainly: a list maps, a function is called. */
export const NOT_PLAIN = Symbol('not plain');

type Read = (variables: Readonly<Record<string, unknown>>) => unknown;

/** Reads values by name without an interpreter: most of what definitions ask for is no more than that. */
export interface PlainExpression {
  /** Answers `NOT_PLAIN` where only JSONata itself knows the answer. */
  readonly read: Read;
  /** Variables it mentions; if JSONata has functions of these names, the expression is not plain. */
  readonly names: readonly string[];
}

/**
 * The plain reading of an expression: `$a`, `$a.b.c`, or `$exists($a.b) ? $a.b : null`. Undefined
 * for any other.
 */
export function plainExpression(ast: ExprNode): PlainExpression | undefined {
  const names: string[] = [];
  const read = readerOf(ast as Node, names);
  return read && { read, names };
}

/** The parts of the parser's answer that are looked at; whatever has any other is not plain. */
interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly position?: number;
  readonly steps?: readonly Node[];
  readonly arguments?: readonly Node[];
  readonly procedure?: Node;
  readonly condition?: Node;
  readonly then?: Node;
  readonly else?: Node;
}

const LITERALS = ['value', 'string', 'number'];
const isBare = (node: Node) =>
  Object.keys(node).every((key) => ['type', 'value', 'position'].includes(key));

function readerOf(node: Node, names: string[]): Read | undefined {
  if (LITERALS.includes(node.type) && isBare(node)) return () => node.value;
  if (node.type === 'variable') return pathReader([node], names);
  if (node.type === 'path') return pathReader(node.steps ?? [], names);
  return node.type === 'condition' ? existsReader(node, names) : undefined;
}

function pathReader([first, ...rest]: readonly Node[], names: string[]): Read | undefined {
  const isPath = first?.type === 'variable' && rest.every(({ type }) => type === 'name');
  if (!isPath || ![first, ...rest].every(isBare) || first.value === '') return undefined;
  const root = String(first.value);
  const fields = rest.map(({ value }) => String(value));
  names.push(root);
  return (variables) => fields.reduce(fieldOf, fieldOf(variables, root));
}

function fieldOf(of: unknown, name: string): unknown {
  if (of === undefined || of === NOT_PLAIN) return of;
  if (typeof of !== 'object' || of === null || Array.isArray(of)) return NOT_PLAIN;
  const value: unknown = Object.hasOwn(of, name) ? of[name as keyof typeof of] : undefined;
  return Array.isArray(value) || typeof value === 'function' ? NOT_PLAIN : value;
}

function existsReader(node: Node, names: string[]): Read | undefined {
  const [asked, ...more] = node.condition?.arguments ?? [];
  const isExists =
    node.condition?.type === 'function' && node.condition.procedure?.value === 'exists';
  if (!isExists || asked === undefined || more.length > 0) return undefined;
  const [question, yes, no] = [asked, node.then, node.else].map(
    (one) => one && readerOf(one, names),
  );
  if (question === undefined || yes === undefined || no === undefined) return undefined;
  return (variables) => {
    const value = question(variables);
    if (value === NOT_PLAIN || Object.hasOwn(variables, 'exists')) return NOT_PLAIN;
    return value === undefined ? no(variables) : yes(variables);
  };
}

import jsonata from 'jsonata';

/** A value that an expression reads: `$score.rating`, or `person.country` from the input. */
export interface Read {
  /** The variable's name; `undefined` for the input. */
  readonly variable: string | undefined;
  readonly fields: readonly Named[];
  readonly at: number;
}

/** A word of an expression and where it starts. */
export interface Named {
  readonly name: string;
  readonly at: number;
}

/** A value that is compared with a text: `$score.rating = 'hot'`, `$score.lane in ['hot']`. */
export interface Comparison {
  readonly read: Read;
  readonly texts: readonly Named[];
}

/** What can be said of an expression without evaluating it. */
export interface Expression {
  readonly reads: readonly Read[];
  readonly calls: readonly Named[];
  readonly comparisons: readonly Comparison[];
  /** Variables that the expression asks for with `$exists`, and so may be without a value. */
  readonly guarded: ReadonlySet<string>;
  /** Whether it surely answers true or false. */
  readonly boolean: boolean;
}

/** Why a text is no expression, and where it stops being one. */
export interface SyntaxFault {
  readonly fault: string;
  readonly at: number;
}

/** The part of jsonata's syntax tree that is read here; it declares less than it gives. */
interface Node {
  readonly type?: string;
  readonly value?: unknown;
  readonly position?: number;
  readonly steps?: readonly Node[];
  readonly arguments?: readonly Node[];
  readonly procedure?: Node;
  readonly expressions?: readonly Node[];
  readonly lhs?: Node;
  readonly rhs?: Node;
  readonly then?: Node;
  readonly else?: Node;
}

/** Parses a JSONata expression and lists what it reads, calls and compares. */
export function readExpression(source: string): Expression | SyntaxFault {
  let root: Node;
  try {
    root = jsonata(source).ast() as Node;
  } catch (error) {
    const { message, position = 0 } = error as { message: string; position?: number };
    return { fault: message, at: Math.max(0, Math.min(position, source.length) - 1) };
  }
  const nodes = everyNode(root, false);
  const locals = new Set(nodes.flatMap(({ node }) => boundBy(node)));
  const foreign = ({ name }: Named) => !locals.has(name);
  return {
    reads: nodes
      .flatMap(({ node, nested }) => readOf(node, nested, source))
      .filter(({ variable }) => variable === undefined || !locals.has(variable)),
    calls: nodes.flatMap(({ node }) => callOf(node)).filter(foreign),
    comparisons: nodes.flatMap(({ node }) => comparisonOf(node, source)),
    guarded: new Set(nodes.flatMap(({ node }) => guardedBy(node, source))),
    boolean: answersBoolean(root),
  };
}

interface Visited {
  readonly node: Node;
  /** Inside a filter or behind a dot, where names are fields of what is filtered, not of the input. */
  readonly nested: boolean;
}

/** Every node below and including one; a path's own steps belong to it and are not listed apart. */
function everyNode(node: Node, nested: boolean): Visited[] {
  const isPath = node.type === 'path';
  const below = Object.entries(node).flatMap(([key, child]) => {
    if (key === 'procedure') return isLambda(child) ? nodesIn(child, nested) : [];
    if (key !== 'steps') return nodesIn(child, nested || INNER_KEYS.has(key));
    return (child as Node[]).flatMap((step, index) => stepNodes(step, nested || index > 0));
  });
  return isPath || node.type !== undefined ? [{ node, nested }, ...below] : below;
}

/** A step's filters are nested; a step that is a plain name or variable is read by its path. */
function stepNodes(step: Node, nested: boolean): Visited[] {
  if (step.type !== 'name' && step.type !== 'variable') return everyNode(step, nested);
  return Object.values(step).flatMap((child) => nodesIn(child, true));
}

const INNER_KEYS = new Set(['predicate', 'stages', 'group', 'terms']);
const isLambda = (value: unknown) => (value as Node | undefined)?.type === 'lambda';

function nodesIn(value: unknown, nested: boolean): Visited[] {
  if (Array.isArray(value)) return value.flatMap((item) => nodesIn(item, nested));
  return typeof value === 'object' && value !== null ? everyNode(value as Node, nested) : [];
}

/** The names that a lambda or an assignment binds. */
function boundBy(node: Node): string[] {
  if (node.type === 'lambda') return (node.arguments ?? []).map(({ value }) => String(value));
  return node.type === 'bind' && node.lhs !== undefined ? [String(node.lhs.value)] : [];
}

function readOf(node: Node, nested: boolean, source: string): Read[] {
  if (node.type === 'variable')
    return [{ variable: String(node.value), fields: [], at: start(node, source) }];
  const read = pathRead(node, source);
  if (read === undefined || (nested && read.variable === undefined)) return [];
  return [read];
}

/** What a path reads, as far as it consists of plain names. */
function pathRead(node: Node | undefined, source: string): Read | undefined {
  if (node?.type === 'variable') {
    return { variable: String(node.value), fields: [], at: start(node, source) };
  }
  const [first, ...rest] = node?.type === 'path' ? (node.steps ?? []) : [];
  if (first === undefined) return undefined;
  const end = rest.findIndex(({ type }) => type !== 'name');
  const names = (end < 0 ? rest : rest.slice(0, end)).map((step) => named(step, source));
  if (first.type === 'variable') {
    return { variable: String(first.value), fields: names, at: start(first, source) };
  }
  if (first.type !== 'name') return undefined;
  return {
    variable: undefined,
    fields: [named(first, source), ...names],
    at: start(first, source),
  };
}

const named = (node: Node, source: string): Named => ({
  name: String(node.value),
  at: start(node, source),
});

function callOf(node: Node): Named[] {
  const called = node.type === 'apply' ? node.rhs : node.procedure;
  if (called?.type !== 'variable') return [];
  const name = String(called.value);
  return [{ name, at: (called.position ?? 0) - name.length - 1 }];
}

function comparisonOf(node: Node, source: string): Comparison[] {
  if (node.type !== 'binary' || !['=', '!=', 'in'].includes(String(node.value))) return [];
  const sides = [
    [node.lhs, node.rhs],
    [node.rhs, node.lhs],
  ];
  return sides.flatMap(([one, other]) => {
    const read = pathRead(one, source);
    const texts = (other?.expressions ?? [other])
      .filter((item) => item?.type === 'string')
      .map((item) => named(item as Node, source));
    return read === undefined || texts.length === 0 ? [] : [{ read, texts }];
  });
}

function guardedBy(node: Node, source: string): string[] {
  if (node.type !== 'function' || node.procedure?.value !== 'exists') return [];
  const variable = pathRead(node.arguments?.[0], source)?.variable;
  return variable === undefined ? [] : [variable];
}

const BOOLEAN_OPERATORS = new Set(['=', '!=', '<', '<=', '>', '>=', 'and', 'or', 'in']);
const BOOLEAN_FUNCTIONS = new Set(['not', 'exists', 'boolean', 'contains']);

function answersBoolean(node: Node | undefined): boolean {
  switch (node?.type) {
    case 'binary':
      return BOOLEAN_OPERATORS.has(String(node.value));
    case 'value':
      return typeof node.value === 'boolean';
    case 'function':
      return BOOLEAN_FUNCTIONS.has(String(node.procedure?.value));
    case 'condition':
      return answersBoolean(node.then) && answersBoolean(node.else);
    case 'block':
      return answersBoolean(node.expressions?.at(-1));
    default:
      return false;
  }
}

/** jsonata gives the position after a token; what is written before it tells where it started. */
function start(node: Node, source: string): number {
  const after = node.position ?? 0;
  const length = String(node.value).length;
  if (node.type === 'variable') return after - length - 1;
  const quoted = node.type === 'string' || source[after - 1] === '`';
  return Math.max(0, after - length - (quoted ? 2 : 0));
}

import { runtimeFailure } from './failure.ts';
import { parsePath } from './jsonpath/parse.ts';
import { PathMiss } from './jsonpath/select.ts';
import { pathExists, selectPath } from './jsonpath.ts';
import type { ChoiceRule } from './machine.ts';
import type { Scope } from './scope.ts';
import { instantOf } from './timestamps.ts';

type Order = 'Equals' | 'LessThan' | 'LessThanEquals' | 'GreaterThan' | 'GreaterThanEquals';
type Kind = 'String' | 'Numeric' | 'Boolean' | 'Timestamp';
type Comparable = string | number | boolean;

const ORDERS: Readonly<Record<Order, (difference: number) => boolean>> = {
  Equals: (difference) => difference === 0,
  LessThan: (difference) => difference < 0,
  LessThanEquals: (difference) => difference <= 0,
  GreaterThan: (difference) => difference > 0,
  GreaterThanEquals: (difference) => difference >= 0,
};

const KINDS: Readonly<Record<Kind, (value: unknown) => Comparable | undefined>> = {
  String: (value) => (typeof value === 'string' ? value : undefined),
  Numeric: (value) => (typeof value === 'number' ? value : undefined),
  Boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  Timestamp: (value) => (typeof value === 'string' ? instantOf(value) : undefined),
};

const TYPE_TESTS: Readonly<Record<string, (value: unknown) => boolean>> = {
  IsNull: (value) => value === null,
  IsString: (value) => typeof value === 'string',
  IsNumeric: (value) => typeof value === 'number',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: (value) => typeof value === 'string' && instantOf(value) !== undefined,
};

const COMPARATOR =
  /^(String|Numeric|Boolean|Timestamp)(Equals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)(Path)?$/;

/** What an operator compares with, or undefined when there is no such operator. */
export function operandType(
  operator: string,
): 'path' | 'boolean' | 'string' | 'number' | 'timestamp' | undefined {
  if (operator === 'IsPresent' || Object.hasOwn(TYPE_TESTS, operator)) return 'boolean';
  if (operator === 'StringMatches') return 'string';
  const [, kind, order, path] = COMPARATOR.exec(operator) ?? [];
  if (kind === undefined || (kind === 'Boolean' && order !== 'Equals')) return undefined;
  if (path !== undefined) return 'path';
  const types = { String: 'string', Numeric: 'number', Boolean: 'boolean', Timestamp: 'timestamp' };
  return types[kind as Kind] as 'string' | 'number' | 'boolean' | 'timestamp';
}

/** Whether a choice rule of a JSONPath state holds. */
export function ruleHolds(rule: ChoiceRule, scope: Scope): boolean {
  switch (rule.kind) {
    case 'and':
      return rule.rules.every((inner) => ruleHolds(inner, scope));
    case 'or':
      return rule.rules.some((inner) => ruleHolds(inner, scope));
    case 'not':
      return !ruleHolds(rule.rule, scope);
    case 'compare':
      return comparisonHolds(rule.variable, rule.operator, rule.operand, scope);
    default:
      return rule satisfies never;
  }
}

function comparisonHolds(
  variable: string,
  operator: string,
  operand: unknown,
  scope: Scope,
): boolean {
  if (operator === 'IsPresent') return pathExists(variable, scope) === operand;
  const value = operandAt(variable, scope);
  const typeTest = TYPE_TESTS[operator];
  if (typeTest !== undefined) return typeTest(value) === operand;
  if (operator === 'StringMatches') return matchesPattern(value, String(operand));
  const [, kind = '', order = '', path] = COMPARATOR.exec(operator) ?? [];
  const other = path === undefined ? operand : operandAt(String(operand), scope);
  const read = KINDS[kind as Kind];
  return compare(read(value), read(other), ORDERS[order as Order]);
}

/** Values of different kinds compare as false, whatever the operator. */
function compare(
  left: Comparable | undefined,
  right: Comparable | undefined,
  order: (difference: number) => boolean,
): boolean {
  if (left === undefined || right === undefined) return false;
  if (left === right) return order(0);
  return order(left < right ? -1 : 1);
}

/** `*` stands for any run of characters; `\\*` for itself. */
function matchesPattern(value: unknown, pattern: string): boolean {
  if (typeof value !== 'string') return false;
  const parts = pattern.match(/\\.|[^\\]/gs) ?? [];
  const source = parts.map((part) => (part === '*' ? '.*' : literal(part))).join('');
  return new RegExp(`^${source}$`, 'su').test(value);
}

function literal(part: string): string {
  return part.slice(-1).replace(/[.*+?^${}()|[\]\\/]/, '\\$&');
}

function operandAt(path: string, scope: Scope): unknown {
  try {
    return selectPath(parsePath(path), scope);
  } catch (error) {
    if (!(error instanceof PathMiss)) throw error;
    throw runtimeFailure(
      scope.visit,
      `Invalid path '${path}': The choice state's condition path references an invalid value.`,
    );
  }
}

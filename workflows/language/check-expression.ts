import { type Comparison, type Named, type Read, readExpression } from './expression.ts';
import type { Finding } from './json-document.ts';
import { isOpen, keysAt, type Shape, wordsAt } from './shape.ts';
import { didYouMean, listed } from './suggest.ts';

/** What an expression may read and call, at the place where it stands. */
export interface Scope {
  /** The variables of the run by name; a trigger has none. */
  readonly variables: ReadonlyMap<string, Shape>;
  /** The input's shape; a run's expressions have no input. */
  readonly input?: Shape;
  /** The variables that surely have a value here; `undefined` where that can't be said. */
  readonly assigned?: ReadonlySet<string> | undefined;
  readonly functions: readonly string[];
  /** Whether the expression decides something, and so must answer true or false. */
  readonly decides: boolean;
}

/** Everything wrong with one expression; `index` of a finding counts in the expression's text. */
export function checkExpression(source: string, scope: Scope): Finding[] {
  const expression = readExpression(source);
  if ('fault' in expression) {
    const { fault, at } = expression;
    return [{ message: `is not JSONata: ${fault}`, value: source.slice(at), index: at }];
  }
  const findings = [
    ...expression.calls.flatMap((call) => checkCall(call, scope)),
    ...expression.reads.flatMap((read) => checkRead(read, scope, expression.guarded)),
    ...expression.comparisons.flatMap((comparison) => checkComparison(comparison, scope)),
  ];
  if (findings.length > 0 || expression.boolean || !scope.decides) return findings;
  return [
    {
      message: 'must answer true or false; compare it with something, or wrap it in $boolean( )',
      value: source,
      index: 0,
    },
  ];
}

function checkCall({ name, at }: Named, { functions }: Scope): Finding[] {
  if (functions.includes(name)) return [];
  const suggestion = didYouMean(name, functions);
  return [
    {
      message: `there is no function $${name} here`,
      value: `$${name}`,
      suggestion: suggestion && `$${suggestion}`,
      index: at,
    },
  ];
}

function checkRead(read: Read, scope: Scope, guarded: ReadonlySet<string>): Finding[] {
  const { variable, fields, at } = read;
  if (variable === undefined) return checkInput(read, scope);
  if (scope.functions.includes(variable) && fields.length === 0) return [];
  const shape = scope.variables.get(variable);
  if (shape === undefined) return [unknownVariable(variable, at, scope)];

  const unset = scope.assigned !== undefined && !scope.assigned.has(variable);
  if (unset && !guarded.has(variable)) {
    return [
      {
        message: `$${variable} may have no value here; ask for it first, with $exists($${variable})`,
        value: `$${variable}`,
        index: at,
      },
    ];
  }
  return checkFields(`$${variable}`, shape, fields);
}

function unknownVariable(variable: string, at: number, { variables }: Scope): Finding {
  if (variable === '' || variable === '$' || variable === 'states') {
    const message = `$${variable} can't be read here; a run has its steps' answers only`;
    return { message, value: `$${variable}`, index: at };
  }
  const suggestion = didYouMean(variable, [...variables.keys()]);
  return {
    message: `no step sets $${variable}`,
    value: `$${variable}`,
    suggestion: suggestion && `$${suggestion}`,
    index: at,
  };
}

function checkInput({ fields }: Read, { input, variables }: Scope): Finding[] {
  const [first] = fields;
  if (first === undefined) return [];
  if (input !== undefined) return checkFields('', input, fields);
  const named = variables.has(first.name)
    ? first.name
    : didYouMean(first.name, [...variables.keys()]);
  return [
    {
      message: `"${first.name}" is read from an input, and a run has none; variables begin with $`,
      value: first.name,
      suggestion: named && `$${named}`,
      index: first.at,
    },
  ];
}

/** Walks down the fields for as long as it is known what may be there. */
function checkFields(of: string, shape: Shape, fields: readonly Named[]): Finding[] {
  for (const [index, field] of fields.entries()) {
    const before = fields.slice(0, index).map(({ name }) => name);
    const keys = keysAt(shape, before);
    if (keys.includes(field.name) || isOpen(shape, before)) continue;
    const owner = [of, ...before].filter((part) => part !== '').join('.');
    const subject = owner === '' ? 'the input' : owner;
    return [
      {
        message: `${subject} has no field "${field.name}"`,
        value: field.name,
        suggestion: didYouMean(field.name, keys),
        index: field.at,
      },
    ];
  }
  return [];
}

/** A text that the value can never be: a condition that always answers the same. */
function checkComparison({ read, texts }: Comparison, scope: Scope): Finding[] {
  const shape = read.variable === undefined ? scope.input : scope.variables.get(read.variable);
  const path = read.fields.map(({ name }) => name);
  const words = shape === undefined ? undefined : wordsAt(shape, path);
  if (words === undefined || words.length === 0) return [];
  return texts
    .filter(({ name }) => !words.includes(name))
    .map(({ name, at }) => ({
      message: `${path.at(-1)} is never "${name}", but ${listed(words)}`,
      value: name,
      suggestion: didYouMean(name, words),
      index: at,
    }));
}

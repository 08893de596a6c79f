import { queryFailure, runtimeFailure } from './failure.ts';
import { evaluateTyped } from './jsonata.ts';
import { valueAtPath } from './jsonpath.ts';
import type { NumberField } from './machine.ts';
import type { Scope } from './scope.ts';

interface Limits {
  readonly least: number;
  readonly whole?: boolean;
}

/** The number a field stands for: as written, as evaluated, or as found by a path. */
export async function numberOf(
  field: NumberField | undefined,
  scope: Scope,
  { least, whole = true }: Limits,
): Promise<number | undefined> {
  if (field === undefined) return undefined;
  if (typeof field.value === 'number') return field.value;
  if (field.field.endsWith('Path'))
    return numberAtPath(field.field, field.value, scope, { least, whole });
  const value = Number(await evaluateTyped(field.value, field.field, 'number', scope));
  if (value >= least && (!whole || Number.isInteger(value))) return value;
  throw queryFailure(
    scope.visit,
    field.field,
    `The ${field.field} field must be ${whole ? 'an integer' : 'a number'} of at least ${least}, but was ${value}`,
    true,
  );
}

/** Texts that spell a number count as one, as the service has it. */
function numberAtPath(
  field: string,
  path: string,
  scope: Scope,
  { least, whole }: Required<Limits>,
): number {
  const value = valueAtPath(path, scope);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  const fits = typeof number === 'number' && !Number.isNaN(number);
  // What may be 0 has a message of its own for less than that.
  const isEnough = least === 0 || Number(number) >= least;
  if (fits && isEnough && (!whole || Number.isInteger(number))) return number;
  throw runtimeFailure(
    scope.visit,
    `The ${field} field refers to value "${typeof value === 'string' ? value : JSON.stringify(value)}" which is not a valid ${whole ? 'integer' : 'float'}: ${path}`,
  );
}

import { queryFailure } from './failure.ts';
import { evaluateTyped } from './jsonata.ts';
import type { NumberField } from './machine.ts';
import type { Scope } from './scope.ts';

/** The number of seconds a timeout or wait field stands for; absent stays absent. */
export async function wholeNumber(
  field: NumberField | undefined,
  scope: Scope,
  { least }: { least: number },
): Promise<number | undefined> {
  if (field === undefined) return undefined;
  if (typeof field.value === 'number') return field.value;
  const value = Number(await evaluateTyped(field.value, field.field, 'number', scope));
  if (Number.isInteger(value) && value >= least) return value;
  throw queryFailure(
    scope.visit,
    field.field,
    `The ${field.field} field must be an integer of at least ${least}, but was ${value}`,
    true,
  );
}

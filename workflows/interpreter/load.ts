import { at, invalid, readFields, readNumber, refuseOthers } from './load/reading.ts';
import { readLanguage, readProgram } from './load/states.ts';
import { checkScopes } from './load/variables.ts';
import type { Machine } from './machine.ts';

const MACHINE_FIELDS = new Set([
  'Comment',
  'QueryLanguage',
  'StartAt',
  'States',
  'TimeoutSeconds',
  'Version',
]);

/**
 * Reads a definition in the Amazon States Language. What is wrong is refused with
 * `states_invalid`, what this interpreter does not do with `states_unsupported`, both with the path
 * of the field; nothing is passed over in silence.
 */
export function loadMachine(definition: unknown, { express = false } = {}): Machine {
  const root = { value: parsed(definition), path: '$' };
  const fields = readFields(root);
  refuseOthers(fields, '$', MACHINE_FIELDS);
  if (fields['Version'] !== undefined && fields['Version'] !== '1.0') {
    throw invalid(at('$', 'Version'), 'must be 1.0');
  }
  const timeout = fields['TimeoutSeconds'];
  const program = readProgram(root, { language: readLanguage(fields, '$') ?? 'JSONPath', express });
  checkScopes(program, '$');
  return {
    startAt: program.startAt,
    definition,
    program,
    ...(timeout !== undefined && {
      timeoutSeconds: readNumber(
        { value: timeout, path: at('$', 'TimeoutSeconds') },
        { least: 1, most: 99_999_999 },
      ),
    }),
  };
}

/** A definition may come as the text it is deployed as. */
function parsed(definition: unknown): unknown {
  if (typeof definition !== 'string') return definition;
  try {
    return JSON.parse(definition);
  } catch (error) {
    throw invalid('$', `is not JSON: ${(error as Error).message}`);
  }
}

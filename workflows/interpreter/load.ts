import { at, invalid, readFields, readNumber, refuseOthers } from './load/reading.ts';
import { readLanguage, readProgram } from './load/states.ts';
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
export function loadMachine(definition: unknown): Machine {
  const root = { value: definition, path: '$' };
  const fields = readFields(root);
  refuseOthers(fields, '$', MACHINE_FIELDS);
  if (fields['Version'] !== undefined && fields['Version'] !== '1.0') {
    throw invalid(at('$', 'Version'), 'must be 1.0');
  }
  const timeout = fields['TimeoutSeconds'];
  const program = readProgram(root, readLanguage(fields, '$') ?? 'JSONPath');
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

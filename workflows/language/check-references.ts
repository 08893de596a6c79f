import { stepKind } from '#workflows/steps/index.ts';
import type { Referred } from '#workflows/steps/step.ts';
import { type JsonDocument, problemAt } from './json-document.ts';
import type { Path, Problem } from './problem.ts';
import { didYouMean } from './suggest.ts';
import { isExpression } from './template.ts';
import type { Step, Workflow } from './workflow.ts';

/** What the parts of a playbook are called; a part that can't be read is left out, not empty. */
export type Names = Readonly<Partial<Record<Referred, readonly string[]>>>;

interface Reference {
  readonly path: Path;
  readonly part: Referred;
  readonly name: string;
  /** The step names it by leaving its field out. */
  readonly usual?: true;
}

/** Names of models, policies, clocks, tracks and reasons that the playbook does not have. */
export function checkReferences(
  document: JsonDocument,
  workflow: Workflow,
  names: Names,
): Problem[] {
  return workflow.steps.flatMap((step, index) =>
    referencesOf(step).flatMap(({ path, part, name, usual }) => {
      const known = names[part];
      if (known === undefined || known.includes(name)) return [];
      return [
        problemAt(document, ['steps', index, ...path], {
          message:
            usual === undefined
              ? `the playbook has no ${part} "${name}"`
              : `goes by the ${part} "${name}", which the playbook does not have: add it, or name another one under "with"`,
          ...(usual === undefined ? { value: name } : {}),
          suggestion: didYouMean(name, known),
        }),
      ];
    }),
  );
}

function referencesOf(step: Step): Reference[] {
  if ('await' in step) return [{ path: ['clock'], part: 'clock', name: step.clock }];
  if (!('use' in step)) return [];
  const { refers = {}, usual = {} } = stepKind(step.use) ?? {};
  return Object.entries(refers).flatMap(([field, part]): Reference[] => {
    const name = step.with?.[field];
    const implied = usual[field];
    if (name === undefined && implied !== undefined)
      return [{ path: ['use'], part, name: implied, usual: true }];
    return typeof name === 'string' && !isExpression(name)
      ? [{ path: ['with', field], part, name }]
      : [];
  });
}

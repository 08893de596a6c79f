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
}

/** Names of models, policies, clocks, tracks and reasons that the playbook does not have. */
export function checkReferences(
  document: JsonDocument,
  workflow: Workflow,
  names: Names,
): Problem[] {
  return workflow.steps.flatMap((step, index) =>
    referencesOf(step).flatMap(({ path, part, name }) => {
      const known = names[part];
      if (known === undefined || known.includes(name)) return [];
      return [
        problemAt(document, ['steps', index, ...path], {
          message: `the playbook has no ${part} "${name}"`,
          value: name,
          suggestion: didYouMean(name, known),
        }),
      ];
    }),
  );
}

function referencesOf(step: Step): Reference[] {
  if ('await' in step) return [{ path: ['clock'], part: 'clock', name: step.clock }];
  if (!('use' in step)) return [];
  const refers = Object.entries(stepKind(step.use)?.refers ?? {});
  return refers.flatMap(([field, part]) => {
    const name = step.with?.[field];
    return typeof name === 'string' && !isExpression(name)
      ? [{ path: ['with', field], part, name }]
      : [];
  });
}

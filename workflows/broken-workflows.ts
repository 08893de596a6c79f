import type { Connection } from '#connectors/kit/connection.ts';
import type { MappedField } from '#connectors/kit/mapping.ts';
import type { Role, Verb } from '#core/operations.ts';
import type { Playbook } from '#core/playbook.ts';
import type { Step, Workflow } from './language/workflow.ts';
import type { StepName } from './steps/index.ts';

type Verbs = Partial<Record<Role, readonly Verb[]>>;

/** Which verbs of which role the steps call that name no operation. */
const VERBS_OF_STEP: Partial<Record<StepName, Verbs>> = {
  enrich: { enrichment: ['person.enrich'] },
  'hand-off': {
    crm: ['person.upsert', 'person.assign', 'task.create'],
    chat: ['message.post'],
  },
  reassign: { crm: ['task.close'], chat: ['message.update'] },
  'hand-back': {
    crm: ['person.status', 'task.close'],
    map: ['person.upsert', 'list.add'],
    chat: ['message.update'],
  },
  decline: { crm: ['person.status', 'task.close'], chat: ['message.update'] },
  /** What an `await` step becomes. */
  climb: { chat: ['message.post'] },
};

/** The workflows, by id, that have a step which fails on this connection without this field. */
export function brokenWorkflows(
  { workflows }: Pick<Playbook, 'workflows'>,
  connection: Pick<Connection, 'name' | 'vendor' | 'roles'>,
  { operations }: Pick<MappedField, 'operations'>,
): string[] {
  const lost = new Set(operations);
  return (Object.values(workflows) as Workflow[])
    .filter(({ steps }) => steps.some((step) => needs(step, connection, lost)))
    .map(({ id }) => id);
}

function needs(
  step: Step,
  { name, vendor, roles }: Pick<Connection, 'name' | 'vendor' | 'roles'>,
  lost: ReadonlySet<string>,
): boolean {
  if ('use' in step && step.use.includes('.')) {
    const [of = ''] = step.use.split('.', 1);
    const called = step.connection === undefined || step.connection === name;
    return of === vendor && called && lost.has(step.use.slice(of.length + 1));
  }
  const verbs = VERBS_OF_STEP[kindOf(step) as StepName] ?? {};
  return roles.some((role) => verbs[role]?.some((verb) => lost.has(verb)) ?? false);
}

function kindOf(step: Step): string {
  if ('use' in step) return step.use;
  return 'await' in step ? 'climb' : '';
}

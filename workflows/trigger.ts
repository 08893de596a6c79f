import jsonata from 'jsonata';
import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import { type CanonicalEvent, PersonFacts } from '#core/events.ts';
import type { Playbook } from '#core/playbook.ts';
import { type Person, Standing } from '#core/records/person.ts';
import type { Trigger, Workflow } from './language/workflow.ts';

/** What a trigger's condition can ask of the person, under `person`. */
export const TriggerPerson = z.strictObject({
  ...PersonFacts.shape,
  suppressed: z.boolean(),
  standing: Standing,
  ownerKind: z.enum(['salesperson', 'track', 'queue']),
});
export type TriggerPerson = z.infer<typeof TriggerPerson>;

/**
 * The workflows that an event starts for a person. A condition that answers anything but true
 * starts nothing; one that fails does so loudly, because a lead behind it would be lost unseen.
 */
export async function triggered(
  playbook: Pick<Playbook, 'workflows'>,
  event: CanonicalEvent,
  person: Pick<Person, 'facts' | 'suppressed' | 'standing' | 'owner'>,
): Promise<string[]> {
  const input = { event, person: aspects(person) };
  const started: string[] = [];
  for (const { id, trigger } of Object.values(playbook.workflows) as Workflow[]) {
    if (await fires(id, trigger, input)) started.push(id);
  }
  return started;
}

interface TriggerInput {
  readonly event: CanonicalEvent;
  readonly person: TriggerPerson;
}

async function fires(id: string, trigger: Trigger, input: TriggerInput): Promise<boolean> {
  if (!trigger.on.includes(input.event.type)) return false;
  if (trigger.when === undefined) return true;
  try {
    return (await parsed(trigger.when).evaluate(input)) === true;
  } catch (error) {
    // jsonata throws plain objects; its messages quote values, which may be personal.
    const { code } = error as { code?: string };
    const message = `The trigger of the workflow ${id} can't be evaluated (JSONata ${code}): ${trigger.when}. Mend its "when".`;
    throw new HubError('config', 'trigger_failed', message, { cause: error });
  }
}

function aspects({
  facts,
  suppressed,
  standing,
  owner,
}: Pick<Person, 'facts' | 'suppressed' | 'standing' | 'owner'>): TriggerPerson {
  return { ...facts, suppressed, standing, ownerKind: owner.kind };
}

const expressions = new Map<string, jsonata.Expression>();

/** Parsed once: a playbook has few conditions and sees many events. */
function parsed(source: string): jsonata.Expression {
  const known = expressions.get(source);
  if (known !== undefined) return known;
  const expression = jsonata(source);
  expressions.set(source, expression);
  return expression;
}

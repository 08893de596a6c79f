import { HubError } from '#core/errors.ts';
import type { PersonFacts } from '#core/events.ts';
import type { Hub } from '#core/ports/hub.ts';
import { logItem } from '#core/records/log-entry.ts';
import { type Person, personItem, readLiving } from '#core/records/person.ts';
import { BEFORE_ALL, provenanceOf } from '#core/records/provenance.ts';
import { untilWritten } from '#core/records/store.ts';
import { askProvider, type ProviderAnswer } from './ask-provider.ts';
import type { StepRun } from './step-run.ts';

/** What rating, routing and account matching go by: the next provider is asked while one is missing. */
export const WANTED = [
  ...(['firstName', 'lastName', 'title', 'company'] as const),
  ...(['website', 'country', 'industry', 'employees'] as const),
];

/** Whose word counts for a field where several providers know it; for the others the order does. */
export type Preferred = Readonly<Partial<Record<keyof PersonFacts, string | undefined>>>;

interface Budget {
  readonly withinMs: number;
  readonly callsPerDay?: number | undefined;
  readonly prefer?: Preferred | undefined;
}

type Status = 'hit' | 'miss' | 'cached' | 'skipped';

interface Asked {
  readonly connection: string;
  readonly answer: ProviderAnswer;
  /** The fields that were missing, and for which this provider's word counts. */
  readonly fields: readonly (keyof PersonFacts)[];
}

/**
 * Asks the enrichment providers in their order for what is not known of a person, each for what
 * those before it left open or it is preferred for, within a budget of time for all and of calls a
 * day for each. What a person or a CRM said always stays; what a provider said is renewed once it
 * is stale. Throws `enrichment_failed` where no provider answered and one failed.
 */
export async function enrich(
  hub: Hub,
  step: StepRun,
  options: Budget,
): Promise<{ status: Status }> {
  const { data: person } = await readLiving(hub.records, step.person);
  const { email } = person.facts;
  if (email === undefined) return { status: 'skipped' };
  const asked = await askInTurn(hub, step, person, { ...options, email });
  if (asked.some(({ fields }) => fields.length > 0)) await learn(hub, step, asked);
  return { status: statusOf(asked) };
}

async function askInTurn(
  hub: Hub,
  step: StepRun,
  person: Person,
  { email, withinMs, callsPerDay, prefer = {} }: Budget & { readonly email: string },
): Promise<Asked[]> {
  const begun = hub.now().getTime();
  const asked: Omit<Asked, 'fields'>[] = [];
  const isOpen = openFields(person, hub.now());
  const winners = new Map<keyof PersonFacts, string>();
  for (const connection of hub.operations.inRole('enrichment')) {
    const isFor = (field: keyof PersonFacts) =>
      isOpen(field) && (!winners.has(field) || prefer[field] === connection);
    if (!WANTED.some(isFor)) continue;
    const answer = await askProvider(hub, {
      connection,
      email,
      key: `${step.run}/${step.step}${asked.length === 0 ? '' : `/${connection}`}`,
      timeoutMs: withinMs - (hub.now().getTime() - begun),
      callsPerDay,
    });
    asked.push({ connection, answer });
    for (const field of fieldsIn(answer).filter(isFor)) winners.set(field, connection);
  }
  const wonBy = (connection: string) =>
    [...winners].flatMap(([field, winner]) => (winner === connection ? [field] : []));
  return asked.map((one) => ({ ...one, fields: wonBy(one.connection) }));
}

function fieldsIn(answer: ProviderAnswer): (keyof PersonFacts)[] {
  if (!('facts' in answer)) return [];
  const told = Object.entries(answer.facts) as [keyof PersonFacts, unknown][];
  return told.flatMap(([field, value]) => (value === undefined ? [] : [field]));
}

/** Which fields a provider may fill: unknown ones, and those that one told too long ago. */
function openFields(person: Person, now: Date) {
  return (field: keyof PersonFacts): boolean => provenanceOf(person, field, now)?.stale ?? true;
}

function statusOf(asked: readonly Asked[]): Status {
  const outcomes = asked.map(({ answer }) => answer.outcome);
  if (outcomes.includes('hit')) return 'hit';
  const failed = asked.find(({ answer }) => answer.outcome === 'failed');
  const answered = outcomes.some((one) => ['miss', 'known', 'known-miss'].includes(one));
  if (failed?.answer.outcome === 'failed' && !answered) {
    // The workflow goes on without enrichment, so a retry here would only keep the lead waiting.
    const { error } = failed.answer;
    throw new HubError(
      'config',
      'enrichment_failed',
      `${failed.connection} gave no answer: ${error.message}`,
      { cause: error },
    );
  }
  if (outcomes.includes('miss')) return 'miss';
  return answered ? 'cached' : 'skipped';
}

function learn(hub: Hub, step: StepRun, asked: readonly Asked[]): Promise<void> {
  return untilWritten(async () => {
    const { data: person, version } = await readLiving(hub.records, step.person);
    // Whoever told something since the providers were asked is right.
    const isOpen = openFields(person, hub.now());
    const told = asked.map((one) => ({
      ...one,
      fields: one.fields.filter((field) => isOpen(field)),
    }));
    const learnt = told.reduce(withFacts, person);
    const fields = told.flatMap((one) => one.fields);
    if (fields.length === 0) return;
    const known = (facts: PersonFacts) => WANTED.filter((field) => facts[field] !== undefined);
    const telling = told.filter((one) => one.fields.length > 0);
    const entry = {
      at: hub.now().toISOString(),
      kind: 'decision' as const,
      title: `enriched by ${telling.map((one) => `${one.connection}: ${one.fields.join(', ')}`).join('; ')}`,
      detail: {
        fields,
        from: telling.map(({ connection }) => connection).join(', '),
        providers: told.map((one) => ({
          connection: one.connection,
          outcome: one.answer.outcome,
          fields: one.fields,
        })),
        coverage: {
          of: WANTED.length,
          before: known(person.facts).length,
          after: known(learnt.facts).length,
          missing: WANTED.filter((field) => learnt.facts[field] === undefined),
        },
      },
    };
    await hub.records.write([
      { put: personItem(learnt, version + 1), if: { version } },
      { put: logItem(hub, person.id, `${step.run}/${step.step}`, entry) },
    ]);
  });
}

/** The person with what a provider told, and with who told it when. */
function withFacts(person: Person, { connection, answer, fields }: Asked): Person {
  if (!('facts' in answer)) return person;
  const told = fields.map((field) => [field, answer.facts[field]]);
  const source = { from: connection, at: answer.at };
  return {
    ...person,
    facts: { ...person.facts, ...Object.fromEntries(told) },
    factsAt: {
      ...Object.fromEntries(fields.map((field) => [field, BEFORE_ALL])),
      ...person.factsAt,
    },
    enriched: { ...person.enriched, ...Object.fromEntries(fields.map((field) => [field, source])) },
  };
}

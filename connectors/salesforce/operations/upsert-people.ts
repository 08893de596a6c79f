import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { HubError, isHubError } from '#core/errors.ts';
import { PersonFacts } from '#core/events.ts';
import { VendorRecord } from '#core/operations.ts';
import { MOST_RECORDS, type Outcome, outcomesOf } from '../collections.ts';
import { compositeEach, type Step } from '../composite.ts';
import type { SalesforceContext } from '../credentials.ts';
import { personFields } from '../fields.ts';
import { addressOf, type Matched, matchPeople } from '../match.ts';
import { recordOf, sObjectOf } from '../records.ts';
import { PASS_ALERTS } from '../write-headers.ts';
import { changePerson, leadKey, newLead } from './upsert-person.ts';

const Entry = z.strictObject({
  /** What the caller knows this person by; the outcome has it, too. */
  key: z.string().min(1),
  email: z.string().optional(),
  facts: PersonFacts,
  record: VendorRecord.optional(),
});
type Entry = z.infer<typeof Entry>;

const EntryOutcome = z.strictObject({
  key: z.string(),
  record: VendorRecord.optional(),
  created: z.boolean().optional(),
  refused: z.strictObject({ code: z.string(), message: z.string() }).optional(),
});
type EntryOutcome = z.infer<typeof EntryOutcome>;

/** Entries about one person, to be written as one: a call with the same external id twice fails. */
interface Target {
  readonly entries: Entry[];
  readonly email: string | undefined;
  readonly known: Matched | undefined;
}

/**
 * Two calls for up to 200 people: one that looks who is there, one that changes those and makes
 * the others. A repeat finds what the first call made. One refused person stops no other.
 */
export const upsertPeople = defineOperation({
  summary: 'Finds or makes the records of up to 200 people and says what became of each.',
  idempotent: true,
  input: z.strictObject({ people: z.array(Entry).min(1).max(MOST_RECORDS) }),
  output: z.strictObject({ outcomes: z.array(EntryOutcome) }),

  async run(context: SalesforceContext, { people }) {
    const targets = await targetsOf(context, people);
    const outcomes = await saveAll(context, targets);
    const byEntry = new Map(
      targets.flatMap(({ entries }, index) =>
        entries.map((entry, place): [Entry, EntryOutcome] => [
          entry,
          told(entry.key, outcomes[index] ?? unanswered(), place === 0),
        ]),
      ),
    );
    return { outcomes: people.flatMap((entry) => byEntry.get(entry) ?? []) };
  },
});

async function targetsOf(context: SalesforceContext, people: readonly Entry[]): Promise<Target[]> {
  const unknown = people.filter(({ record }) => record === undefined);
  const matches = await matchPeople(
    context,
    unknown.flatMap((entry) => emailOf(entry) ?? []),
  );
  const targets = new Map<string, Target>();
  for (const entry of people) {
    const email = emailOf(entry);
    const known = entry.record ?? matches.get(addressOf(email ?? ''))?.[0];
    const identity = known?.id ?? (email === undefined ? `key ${entry.key}` : addressOf(email));
    const target: Target = targets.get(identity) ?? { entries: [], email, known };
    target.entries.push(entry);
    targets.set(identity, target);
  }
  return [...targets.values()];
}

const emailOf = ({ email, facts }: Entry) => email ?? facts.email;

/** Later entries about one person know better than earlier ones. */
const factsOf = ({ entries }: Target): PersonFacts =>
  Object.assign({}, ...entries.map(({ facts }) => facts));

type Settled = { record: VendorRecord; created: boolean } | HubError;

async function saveAll(
  context: SalesforceContext,
  targets: readonly Target[],
): Promise<(Settled | undefined)[]> {
  // Writes to one account lock each other out: they go one after the other within the call.
  const changed = targets
    .filter(({ known }) => known !== undefined)
    .sort((left, right) => parentOf(left).localeCompare(parentOf(right)));
  const made = targets.filter(({ known }) => known === undefined);
  const steps = [
    ...(changed.length === 0 ? [] : [changeStep(context, changed)]),
    ...(made.length === 0 ? [] : [makeStep(context, made)]),
  ];
  const answers = (await compositeEach(context, steps)).flatMap(outcomesOf);
  const settled = new Map<Target, Settled>();
  for (const [index, target] of [...changed, ...made].entries()) {
    settled.set(target, await settle(context, target, answers[index] ?? unanswered()));
  }
  return targets.map((target) => settled.get(target));
}

/** Leads before contacts, because a call takes but few changes from one sObject to another. */
const parentOf = ({ known }: Target) =>
  known?.kind === 'lead' ? '' : `contact ${known?.accountId ?? ''}`;

function changeStep(context: SalesforceContext, targets: readonly Target[]): Step {
  const records = targets.flatMap((target) => {
    const { known, email } = target;
    if (known === undefined) return [];
    const type = sObjectOf(known);
    const fields = personFields(type, factsOf(target), email, context.settings);
    return [{ attributes: { type }, id: known.id, ...fields }];
  });
  return {
    method: 'PATCH',
    path: '/composite/sobjects',
    name: 'changed',
    headers: PASS_ALERTS,
    body: { allOrNone: false, records },
  };
}

function makeStep(context: SalesforceContext, targets: readonly Target[]): Step {
  const { externalIdField } = context.settings;
  const records = targets.map((target) => {
    const key = leadKey(context, target.email, `${context.key} ${target.entries[0]?.key}`);
    const fields = newLead(context, factsOf(target), target.email);
    return { attributes: { type: 'Lead' }, [key.field]: key.value, ...fields };
  });
  return {
    method: 'PATCH',
    path: `/composite/sobjects/Lead/${externalIdField}`,
    name: 'made',
    body: { allOrNone: false, records },
  };
}

/** Follows what a single call would follow: a lead that was converted, a duplicate that was found. */
async function settle(
  context: SalesforceContext,
  target: Target,
  outcome: Outcome,
): Promise<Settled> {
  if (!(outcome instanceof HubError)) {
    return { record: recordOf(outcome.id), created: outcome.created };
  }
  const next = followed(target, outcome);
  if (next === undefined) return outcome;
  try {
    return await changePerson(context, next.record, factsOf(target), next.email);
  } catch (error) {
    if (isHubError(error)) return error;
    throw error;
  }
}

function followed({ known, email }: Target, { code, existingId }: HubError) {
  if (known !== undefined) return MOVED.has(code) ? { record: known, email } : undefined;
  // A duplicate rule may go by names alone: the address of whom it found is left as it is.
  return existingId === undefined ? undefined : { record: recordOf(existingId), email: undefined };
}

const MOVED = new Set(['salesforce_lead_converted', 'salesforce_record_not_found']);

function told(key: string, settled: Settled, isFirst: boolean): EntryOutcome {
  if (!(settled instanceof HubError)) {
    return { key, record: settled.record, created: settled.created && isFirst };
  }
  return { key, refused: { code: settled.code, message: settled.message } };
}

function unanswered(): HubError {
  return new HubError(
    'defect',
    'salesforce_answer_unforeseen',
    'Salesforce answered fewer records than it was sent.',
  );
}

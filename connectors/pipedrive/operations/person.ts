import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { OFFERED_VERBS } from '#connectors/kit/offered-verbs.ts';
import type { PersonFacts } from '#core/events.ts';
import { type LeadStatus, VERBS } from '#core/operations.ts';
import { ask, PipedrivePerson, userByEmail, write } from '../api.ts';
import type { PipedriveContext, PipedriveSettings } from '../credentials.ts';
import { factsOf } from '../translate.ts';

const PERSONS = '/api/v2/persons';
const person = (id: string) => ({ kind: 'person', id });
const Found = z.object({ items: z.array(z.object({ item: z.object({ id: z.number() }) })) });

async function idsByEmail(context: PipedriveContext, email: string): Promise<string[]> {
  const { items } = await ask(context, Found, `${PERSONS}/search`, {
    term: email,
    fields: 'email',
    exact_match: 'true',
  });
  // The oldest first: whoever made a twin made it later.
  return items
    .map(({ item }) => item.id)
    .sort((one, other) => one - other)
    .map(String);
}

/** Pipedrive takes any number of twins, so a search for the address comes first. */
export const upsertPerson = defineOperation({
  summary: 'Finds a person by e-mail address or makes one, and writes what is known.',
  // The search may not find yet what a lost call has made a moment ago.
  idempotent: false,
  ...VERBS['person.upsert'],
  async run(context: PipedriveContext, { email, facts, record }) {
    const known =
      record?.id ?? (email === undefined ? undefined : (await idsByEmail(context, email))[0]);
    const values = valuesOf(facts, email ?? facts.email, context.settings, known === undefined);
    if (known === undefined) {
      return { record: person(await write(context, 'post', PERSONS, values)), created: true };
    }
    if (Object.keys(values).length > 0)
      await write(context, 'patch', `${PERSONS}/${known}`, values);
    return { record: person(known), created: false };
  },
  async find(context, { email, record }) {
    const id =
      record?.id ?? (email === undefined ? undefined : (await idsByEmail(context, email))[0]);
    return id === undefined ? undefined : { record: person(id), created: false };
  },
});

function valuesOf(
  facts: PersonFacts,
  email: string | undefined,
  { fields }: PipedriveSettings,
  isNew: boolean,
): object {
  const name = [facts.firstName, facts.lastName].filter(Boolean).join(' ');
  const custom = Object.entries(fields).flatMap(([fact, field]) => {
    const value = facts[fact as keyof typeof fields];
    return value === undefined ? [] : [[field, value]];
  });
  return {
    ...(name !== '' ? { name } : isNew ? { name: email ?? 'Unknown' } : {}),
    ...(isNew &&
      email !== undefined && { emails: [{ value: email, primary: true, label: 'work' }] }),
    ...(facts.phone !== undefined && {
      phones: [{ value: facts.phone, primary: true, label: 'work' }],
    }),
    ...(custom.length > 0 && { custom_fields: Object.fromEntries(custom) }),
  };
}

/** Only reads. */
export const findPerson = defineOperation({
  summary: 'Finds the persons with an e-mail address, the oldest first.',
  idempotent: true,
  ...OFFERED_VERBS['person.find'],
  run: async (context: PipedriveContext, { email }) => ({
    records: (await idsByEmail(context, email)).map(person),
  }),
});

/** Only reads. A person that was merged into another is gone; the webhook of the other one comes. */
export const readPerson = defineOperation({
  summary: 'Reads what Pipedrive knows of a person.',
  idempotent: true,
  ...VERBS['person.read'],
  async run(context: PipedriveContext, { record }) {
    const found = await ask(context, PipedrivePerson, `${PERSONS}/${record.id}`);
    return { record, facts: await factsOf(found, context) };
  },
});

/** Only reads. */
export const findOwner = defineOperation({
  summary: 'Finds the active user who has an e-mail address.',
  idempotent: true,
  ...OFFERED_VERBS['owner.find'],
  run: async (context: PipedriveContext, { email }) => ({
    ownerId: String(await userByEmail(context, email)),
  }),
});

/** Writes states, so that a repeat writes the same. */
export const assignPerson = defineOperation({
  summary: 'Gives a person an owner and the label of the status.',
  idempotent: true,
  ...VERBS['person.assign'],
  async run(context: PipedriveContext, { record, owner, status }) {
    const id = await userByEmail(context, owner);
    const labels = await labelsWith(context, record.id, status);
    await write(context, 'patch', `${PERSONS}/${record.id}`, { owner_id: id, ...labels });
    return { ownerId: String(id) };
  },
});

/** Writes a state, so that a repeat writes the same. */
export const setPersonStatus = defineOperation({
  summary: 'Gives a person the label of a status in place of any other.',
  idempotent: true,
  ...VERBS['person.status'],
  async run(context: PipedriveContext, { record, status }) {
    const labels = await labelsWith(context, record.id, status);
    if (Object.keys(labels).length > 0) {
      await write(context, 'patch', `${PERSONS}/${record.id}`, labels);
    }
    return {};
  },
});

/** The person's other labels stay; those of statuses make way. */
async function labelsWith(
  context: PipedriveContext,
  id: string,
  status: LeadStatus,
): Promise<{ label_ids?: number[] }> {
  const { statusLabels } = context.settings;
  const label = statusLabels[status];
  if (label === undefined) return {};
  const { label_ids } = await ask(context, PipedrivePerson, `${PERSONS}/${id}`);
  const ours = new Set(Object.values(statusLabels));
  return { label_ids: [...(label_ids ?? []).filter((one) => !ours.has(one)), label] };
}

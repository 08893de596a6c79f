import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { majorUnits } from '#connectors/kit/money.ts';
import {
  OFFERED_VERBS,
  OpportunityFacts,
  OpportunityInput,
  OpportunityOutput,
} from '#connectors/kit/offered-verbs.ts';
import { ask, askPage, markOf, PipedriveDeal, userByEmail, write } from '../api.ts';
import type { PipedriveContext } from '../credentials.ts';
import { opportunityOf } from '../translate.ts';

const DEALS = '/api/v2/deals';

/** Idempotent by the mark in a custom field, else by the title among the person's deals. */
export const upsertOpportunity = defineOperation({
  summary: 'Opens a deal for a person or changes it.',
  idempotent: true,
  input: OpportunityInput,
  output: OpportunityOutput,
  async run(context: PipedriveContext, input) {
    const values = await valuesOf(context, input);
    const there = await existing(context, input);
    if (there !== undefined) {
      await write(context, 'patch', `${DEALS}/${there}`, values);
      return { opportunity: { kind: 'deal', id: there }, created: false };
    }
    const { dealKeyField } = context.settings;
    const id = await write(context, 'post', DEALS, {
      ...values,
      person_id: Number(input.record.id),
      ...(dealKeyField && { custom_fields: { [dealKeyField]: markOf(input.key ?? context.key) } }),
    });
    return { opportunity: { kind: 'deal', id }, created: true };
  },
});

async function existing(
  context: PipedriveContext,
  input: OpportunityInput,
): Promise<string | undefined> {
  const { dealKeyField } = context.settings;
  const params = { person_id: input.record.id, limit: 500 };
  const { rows } = await askPage(context, PipedriveDeal, DEALS, params);
  const mark = markOf(input.key ?? context.key);
  const found = rows.find(({ title, custom_fields }) =>
    dealKeyField === undefined ? title === input.name : custom_fields?.[dealKeyField] === mark,
  );
  return found && String(found.id);
}

async function valuesOf(
  context: PipedriveContext,
  { name, stage, closeDate, amountMinor, currency, owner }: OpportunityInput,
): Promise<object> {
  const value = majorUnits(amountMinor, currency);
  return {
    title: name,
    stage_id: context.settings.dealStages[stage] ?? Number(stage),
    ...(closeDate && { expected_close_date: closeDate }),
    ...(value !== undefined && { value }),
    ...(currency && { currency }),
    ...(owner && { owner_id: await userByEmail(context, owner) }),
  };
}

const readDeal = (context: PipedriveContext, id: string) =>
  ask(context, PipedriveDeal, `${DEALS}/${id}`);

/** Only reads. */
export const readOpportunity = defineOperation({
  summary: 'Reads a deal with its stage, amount, outcome and person.',
  idempotent: true,
  ...OFFERED_VERBS['opportunity.read'],
  run: async (context: PipedriveContext, { id }) => factsOf(await readDeal(context, id)),
});

/** Only reads. Pipedrive names one person of a deal; participants are not asked for. */
export const opportunityContacts = defineOperation({
  summary: 'Names the person of a deal.',
  idempotent: true,
  ...OFFERED_VERBS['opportunity.contacts'],
  async run(context: PipedriveContext, { id }) {
    const { contacts } = factsOf(await readDeal(context, id));
    return {
      contacts: contacts.map((one) => ({ record: { kind: 'person', id: one }, primary: true })),
    };
  },
});

/** Only reads. */
export const searchOpportunities = defineOperation({
  summary: 'Lists the deals that changed since an instant, the longest unchanged first.',
  idempotent: true,
  input: z.strictObject({
    changedSince: z.iso.datetime({ offset: true }),
    after: z.string().optional(),
    limit: z.number().int().min(1).max(200).default(100),
  }),
  output: z.strictObject({
    opportunities: z.array(OpportunityFacts),
    after: z.string().optional(),
  }),
  async run(context: PipedriveContext, { changedSince, after, limit }) {
    const { rows, next } = await askPage(context, PipedriveDeal, DEALS, {
      updated_since: changedSince,
      sort_by: 'update_time',
      sort_direction: 'asc',
      limit,
      ...(after === undefined ? {} : { cursor: after }),
    });
    return { opportunities: rows.map(factsOf), ...(next === undefined ? {} : { after: next }) };
  },
});

function factsOf(deal: PipedriveDeal): OpportunityFacts {
  const { expected_close_date, person_id } = deal;
  return {
    id: String(deal.id),
    ...opportunityOf(deal),
    ...(expected_close_date && { closeDate: expected_close_date }),
    contacts: person_id ? [String(person_id)] : [],
  };
}

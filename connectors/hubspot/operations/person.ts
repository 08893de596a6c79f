import { defineOperation } from '#connectors/kit/connector.ts';
import { OFFERED_VERBS } from '#connectors/kit/offered-verbs.ts';
import { HubError, isHubError } from '#core/errors.ts';
import { VERBS, type VendorRecord } from '#core/operations.ts';
import { contactFacts, contactProperties, contactReads, statusOf } from '../contacts.ts';
import type { HubspotContext } from '../credentials.ts';
import { HubspotObject, objectPath, patchObject, readObject } from '../objects.ts';
import { ownerByEmail } from '../owners.ts';

const contact = (id: string): VendorRecord => ({ kind: 'contact', id });

/**
 * HubSpot does no partial upserts by e-mail address, so the contact is looked for, then changed
 * or made; whoever is faster between the two calls wins, and is changed instead.
 */
export const upsertPerson = defineOperation({
  summary: 'Finds the contact of a person or makes it, and writes what is known of the person.',
  idempotent: true,
  ...VERBS['person.upsert'],

  async run(context: HubspotContext, { email, facts, record }) {
    const address = email ?? facts.email;
    const properties = contactProperties(context.settings, facts, address);
    const known = record?.id ?? (address === undefined ? undefined : await idOf(context, address));
    if (known !== undefined) {
      const { id } = await patchObject(context, 'contacts', known, properties);
      return { record: contact(id), created: false };
    }
    try {
      return { record: contact(await createContact(context, properties)), created: true };
    } catch (error) {
      if (!isHubError(error, 'conflict') || error.existingId === undefined) throw error;
      const { id } = await patchObject(context, 'contacts', error.existingId, properties);
      return { record: contact(id), created: false };
    }
  },
});

async function idOf(context: HubspotContext, email: string): Promise<string | undefined> {
  try {
    // https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide
    const { data } = await context.http.get(objectPath(context, 'contacts', email), {
      params: { idProperty: 'email', properties: 'email' },
    });
    return HubspotObject.parse(data).id;
  } catch (error) {
    if (isHubError(error, 'data') && error.code === 'hubspot_record_not_found') return undefined;
    throw error;
  }
}

async function createContact(
  context: HubspotContext,
  properties: Record<string, string>,
): Promise<string> {
  if (properties['email'] === undefined) {
    throw new HubError(
      'data',
      'hubspot_email_missing',
      'A contact without an e-mail address would be made again by every call: give the address or the record.',
    );
  }
  const { data } = await context.http.post(objectPath(context, 'contacts'), {
    properties,
    // The specification wants the member, the guide leaves it out.
    associations: [],
  });
  return HubspotObject.parse(data).id;
}

/** Idempotent: it only reads. A contact has one address, so that there is one at most. */
export const findPerson = defineOperation({
  summary: 'Finds the contact that has an e-mail address.',
  idempotent: true,
  ...OFFERED_VERBS['person.find'],

  async run(context: HubspotContext, { email }) {
    const id = await idOf(context, email);
    return { records: id === undefined ? [] : [contact(id)] };
  },
});

/** Idempotent: it only reads. */
export const readPerson = defineOperation({
  summary: 'Reads what HubSpot knows of a contact; a merged one is followed.',
  idempotent: true,
  ...VERBS['person.read'],

  async run(context: HubspotContext, { record }) {
    const found = await readObject(context, 'contacts', record.id, contactReads(context.settings));
    return { record: contact(found.id), facts: await contactFacts(context, found) };
  },
});

/**
 * Idempotent: the same owner and status again. The owner is read back, because an automation of
 * the portal may have set another one meanwhile.
 */
export const assignPerson = defineOperation({
  summary: 'Gives a contact its owner and status in one write.',
  idempotent: true,
  ...VERBS['person.assign'],

  async run(context: HubspotContext, { record, owner, status }) {
    const { id: ownerId } = await ownerByEmail(context, owner);
    await patchObject(context, 'contacts', record.id, {
      hubspot_owner_id: ownerId,
      hs_lead_status: statusOf(context.settings, status),
      ...(await nextStage(context, record.id)),
    });
    const { properties } = await readObject(context, 'contacts', record.id, ['hubspot_owner_id']);
    if (properties['hubspot_owner_id'] !== ownerId) {
      throw new HubError(
        'config',
        'hubspot_owner_overruled',
        `HubSpot took the owner and has another one now: a workflow of the portal of '${context.connection}' assigns contacts, too.`,
      );
    }
    return { ownerId };
  },
});

/** The stage to write along with an assignment: forward only. */
async function nextStage(
  context: HubspotContext,
  id: string,
): Promise<{ lifecyclestage?: string }> {
  const { assignedStage, stages } = context.settings;
  if (assignedStage === undefined) return {};
  const { properties } = await readObject(context, 'contacts', id, ['lifecyclestage']);
  const current = stages.indexOf(properties['lifecyclestage'] ?? '');
  return current < stages.indexOf(assignedStage) ? { lifecyclestage: assignedStage } : {};
}

/** Idempotent: the same status again. */
export const setPersonStatus = defineOperation({
  summary:
    'Sets the lead status of a contact, with the reason where the portal has a property for it.',
  idempotent: true,
  ...VERBS['person.status'],

  async run(context: HubspotContext, { record, status, reason }) {
    const { reasonProperty } = context.settings;
    await patchObject(context, 'contacts', record.id, {
      hs_lead_status: statusOf(context.settings, status),
      ...(reasonProperty !== undefined && reason !== undefined ? { [reasonProperty]: reason } : {}),
    });
    return {};
  },
});

import type { Owner } from './owners.ts';

export type Kind = 'contacts' | 'deals' | 'tasks' | 'notes';

export interface FakeRecord {
  readonly id: string;
  readonly properties: Record<string, string>;
  readonly createdAt: string;
  updatedAt: string;
}

/** Who changed something, as HubSpot marks it on a webhook. */
export interface Change {
  readonly changeSource: string;
  readonly sourceId?: string | undefined;
}

/** One webhook event before HubSpot gives it a number. */
export type FakeEvent = Readonly<Record<string, unknown>> & { readonly subscriptionType: string };

interface FakeList {
  readonly name: string;
  readonly members: Set<string>;
}

/** A portal's data. Every change answers the events that its subscriptions would send. */
export interface HubspotStore {
  readonly records: Readonly<Record<Kind, Map<string, FakeRecord>>>;
  readonly owners: Owner[];
  readonly lists: Map<string, FakeList>;
  /** Ids of contacts that were merged away, and where they went. */
  readonly merged: Map<string, string>;
  create(
    kind: Kind,
    properties: Record<string, string>,
    change: Change,
  ): { record: FakeRecord; events: FakeEvent[] };
  update(
    kind: Kind,
    id: string,
    properties: Record<string, string>,
    change: Change,
  ): { changed: Record<string, string>; events: FakeEvent[] };
  associate(kind: Kind, id: string, contactId: string, change: Change): FakeEvent[];
  associated(from: Kind, id: string, to: Kind): string[];
}

/** What the app is subscribed to, beside creations, merges and erasures. */
const SUBSCRIBED: Record<Kind, ReadonlySet<string>> = {
  contacts: new Set([
    'email',
    'firstname',
    'lastname',
    'jobtitle',
    'company',
    'phone',
    'hubspot_owner_id',
    'hs_lead_status',
    'lifecyclestage',
    'recent_conversion_date',
    'hs_email_optout',
  ]),
  deals: new Set(['dealstage', 'amount']),
  tasks: new Set(['hs_task_status']),
  notes: new Set(),
};

/** Ids that tell at a glance what they are the id of. */
const FIRST_ID: Record<Kind, number> = { contacts: 1001, deals: 7001, tasks: 5001, notes: 9001 };

/** Classic names where HubSpot has them; tasks come as `object.*` with their type id. */
const EVENT_NAME: Partial<Record<Kind, string>> = { contacts: 'contact', deals: 'deal' };
const OBJECT_TYPE_ID: Record<Kind, string> = {
  contacts: '0-1',
  deals: '0-3',
  tasks: '0-27',
  notes: '0-46',
};

export function hubspotStore(now: () => Date): HubspotStore {
  const records = {
    contacts: new Map<string, FakeRecord>(),
    deals: new Map<string, FakeRecord>(),
    tasks: new Map<string, FakeRecord>(),
    notes: new Map<string, FakeRecord>(),
  };
  const nextId: Record<Kind, number> = { ...FIRST_ID };
  /** Kind, id and contact of each association, in order of making. */
  const associations: { kind: Kind; id: string; contactId: string }[] = [];

  return {
    records,
    owners: [],
    lists: new Map(),
    merged: new Map(),

    create(kind, properties, change) {
      const id = String(nextId[kind]++);
      const at = now().toISOString();
      const record = { id, properties: { ...properties }, createdAt: at, updatedAt: at };
      stamp(kind, record, at);
      record.properties['createdate'] = at;
      records[kind].set(id, record);
      return { record, events: [eventOf(kind, 'creation', id, change, { changeFlag: 'NEW' })] };
    },

    update(kind, id, properties, change) {
      const record = records[kind].get(id);
      if (record === undefined) return { changed: {}, events: [] };
      const changed = Object.fromEntries(
        Object.entries(properties).filter(
          ([name, value]) => (record.properties[name] ?? '') !== value,
        ),
      );
      Object.assign(record.properties, changed);
      record.updatedAt = now().toISOString();
      stamp(kind, record, record.updatedAt);
      const events = Object.entries(changed)
        .filter(([name]) => SUBSCRIBED[kind].has(name))
        .map(([propertyName, propertyValue]) =>
          eventOf(kind, 'propertyChange', id, change, { propertyName, propertyValue }),
        );
      return { changed, events };
    },

    associate(kind, id, contactId, change) {
      associations.push({ kind, id, contactId });
      return kind === 'deals' ? dealAssociation(id, contactId, change) : [];
    },

    associated(from, id, to) {
      return from === 'contacts'
        ? associations.filter((one) => one.kind === to && one.contactId === id).map((one) => one.id)
        : associations
            .filter((one) => one.kind === from && one.id === id && to === 'contacts')
            .map((one) => one.contactId);
    },
  };
}

function stamp(kind: Kind, record: { id: string; properties: Record<string, string> }, at: string) {
  record.properties['hs_object_id'] = record.id;
  record.properties[kind === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate'] = at;
}

/** One event about a record, under the name that its type is subscribed by. */
export function eventOf(
  kind: Kind,
  what: string,
  id: string,
  change: Change,
  more: Readonly<Record<string, unknown>> = {},
): FakeEvent {
  const name = EVENT_NAME[kind];
  return {
    subscriptionType: `${name ?? 'object'}.${what}`,
    ...(name === undefined ? { objectTypeId: OBJECT_TYPE_ID[kind] } : {}),
    objectId: Number(id),
    ...more,
    ...change,
  };
}

/** An association is told twice, once from each side. */
function dealAssociation(dealId: string, contactId: string, change: Change): FakeEvent[] {
  const sides = [
    ['deal', 'DEAL_TO_CONTACT', dealId, contactId],
    ['contact', 'CONTACT_TO_DEAL', contactId, dealId],
  ] as const;
  return sides.map(([name, associationType, from, to]) => ({
    subscriptionType: `${name}.associationChange`,
    associationType,
    fromObjectId: Number(from),
    toObjectId: Number(to),
    associationRemoved: false,
    isPrimaryAssociation: false,
    ...change,
  }));
}

import { type Context, Hono } from 'hono';
import * as z from 'zod';
import type { FakeWrite } from '#connectors/kit/fake.ts';
import type { FaultScript } from '#connectors/kit/faults.ts';
import { Create, ENDS, Ids, Kinds, Merge, Properties, Update, Upsert } from './fake-bodies.ts';
import { HubspotRefusal, invalid, malformed, notFound } from './fake-errors.ts';
import {
  contactByEmail,
  DRIFTING,
  effective,
  REQUIRED,
  refusalOf,
  shown,
  verbOf,
} from './fake-objects.ts';
import type { Change, FakeEvent, FakeRecord, HubspotStore, Kind } from './fake-store.ts';
import { markerIn } from './marker.ts';

export interface FakePortal {
  readonly store: HubspotStore;
  /** How HubSpot marks what is written with the app's token. */
  readonly byApi: Change;
  readonly faults: FaultScript | undefined;
  send(events: readonly FakeEvent[]): void;
  record(write: Omit<FakeWrite, 'at'>): void;
}

/** HubSpot reads fewer records at a time with their history. */
const MOST_WITH_HISTORY = 50;

/** Creates, reads and changes records, one or many at a time. */
export function objectRoutes(portal: FakePortal): Hono {
  const { store } = portal;
  const routes = new Hono();

  routes.post('/contacts/batch/upsert', async (context) => {
    const { inputs } = await bodyOf(context, Upsert);
    return batchAnswer(
      context,
      inputs.map((input) => upsertOne(portal, input)),
    );
  });

  routes.post('/contacts/batch/update', async (context) => {
    const { inputs } = await bodyOf(context, Update);
    return batchAnswer(
      context,
      inputs.map((input) => updateOne(portal, input)),
    );
  });

  routes.post('/contacts/merge', async (context) => {
    const { primaryObjectId, objectIdToMerge } = await bodyOf(context, Merge);
    const primary = store.records.contacts.get(primaryObjectId);
    if (primary === undefined || !store.records.contacts.has(objectIdToMerge)) throw notFound();
    portal.send(store.merge(primaryObjectId, objectIdToMerge, portal.byApi));
    portal.record({
      verb: 'person.merge',
      target: primaryObjectId,
      detail: { merged: objectIdToMerge },
    });
    return context.json(shown(primary, ['email']));
  });

  routes.post('/:kind/batch/read', async (context) => {
    const kind = kindOf(context);
    const { inputs, properties, propertiesWithHistory } = await bodyOf(
      context,
      z.strictObject({
        inputs: Ids.max(100),
        properties: z.array(z.string()),
        propertiesWithHistory: z.array(z.string()),
      }),
    );
    if (propertiesWithHistory.length > 0 && inputs.length > MOST_WITH_HISTORY) throw malformed();
    const found = inputs.flatMap(({ id }) => store.records[kind].get(id) ?? []);
    const errors = inputs.length > found.length ? [{ category: 'OBJECT_NOT_FOUND' }] : [];
    return context.json(
      {
        status: 'COMPLETE',
        results: found.map((record) => shown(record, properties, propertiesWithHistory)),
        ...(errors.length > 0 ? { numErrors: errors.length, errors } : {}),
      },
      errors.length > 0 ? 207 : 200,
    );
  });

  routes.post('/:kind', async (context) => {
    const kind = kindOf(context);
    const { properties, associations } = await bodyOf(context, Create);
    const ends = associations.map(({ to, types }) => ({
      id: to.id,
      kind: ENDS[types[0]?.associationTypeId ?? 0] ?? 'contacts',
    }));
    const record = create(portal, kind, properties, ends);
    return context.json(shown(record, Object.keys(properties)), 201);
  });

  routes.get('/:kind', (context) => {
    const limit = Number(context.req.query('limit') ?? '10');
    const all = [...store.records[kindOf(context)].values()];
    return context.json({ results: all.slice(0, limit).map((record) => shown(record, [])) });
  });

  routes.get('/:kind/:id', (context) => {
    const record = lookUp(
      store,
      kindOf(context),
      context.req.param('id'),
      context.req.query('idProperty'),
    );
    if (record === undefined) throw notFound();
    const properties = (context.req.query('properties') ?? '').split(',').filter(Boolean);
    return context.json(shown(record, properties));
  });

  routes.patch('/:kind/:id', async (context) => {
    const kind = kindOf(context);
    const { properties } = await bodyOf(context, z.strictObject({ properties: Properties }));
    const record = lookUp(store, kind, context.req.param('id'), undefined);
    if (record === undefined) throw notFound();
    change(portal, kind, record, properties);
    return context.json(shown(record, Object.keys(properties)));
  });
  return routes;
}

export async function bodyOf<T>(context: Context, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(await context.req.json().catch(() => undefined));
  if (!parsed.success) throw malformed();
  return parsed.data;
}

function kindOf(context: Context): Kind {
  const kind = Kinds.safeParse(context.req.param('kind'));
  if (!kind.success) throw notFound();
  return kind.data;
}

/** A merged contact is found under its old id too. */
function lookUp(
  store: HubspotStore,
  kind: Kind,
  id: string,
  idProperty: string | undefined,
): FakeRecord | undefined {
  if (kind === 'contacts' && idProperty === 'email') return contactByEmail(store, id);
  const current = kind === 'contacts' ? (store.merged.get(id) ?? id) : id;
  return store.records[kind].get(current);
}

function create(
  portal: FakePortal,
  kind: Kind,
  properties: Record<string, string>,
  ends: readonly { id: string; kind: 'contacts' | 'companies' | 'deals' }[],
): FakeRecord {
  const { store, byApi } = portal;
  const required = REQUIRED[kind];
  if (required !== undefined && !properties[required]) {
    throw invalid('REQUIRED_FIELD', required);
  }
  refuse(portal, properties);
  const existing =
    kind === 'contacts' ? contactByEmail(store, properties['email'] ?? '') : undefined;
  if (existing !== undefined) {
    const message = `Contact already exists. Existing ID: ${existing.id}`;
    throw new HubspotRefusal(409, 'CONFLICT', message);
  }
  if (ends.some((end) => !store.records[end.kind].has(end.id))) throw notFound();

  const { record, events } = store.create(kind, properties, byApi);
  const contactIds = ends.filter((end) => end.kind === 'contacts').map(({ id }) => id);
  const linked = contactIds.flatMap((id) => store.associate(kind, record.id, id, byApi));
  for (const end of ends) {
    if (end.kind === 'companies') store.associateCompany(kind, record.id, end.id);
  }
  portal.record({
    verb: CREATED[kind] ?? `${kind}.create`,
    target: record.id,
    key: markerIn(
      properties['hs_task_body'] ?? properties['hs_note_body'] ?? properties['description'],
    ),
    detail: { created: true, ...properties, ...(contactIds[0] ? { contact: contactIds[0] } : {}) },
  });
  portal.send([...events, ...linked]);
  return record;
}

/** The verbs of core/operations.ts that making a record amounts to. */
const CREATED: Partial<Record<Kind, string>> = {
  contacts: 'person.upsert',
  tasks: 'task.create',
  notes: 'note.create',
  deals: 'deal.create',
};

function refuse({ store, faults }: FakePortal, properties: Record<string, string>): void {
  const drifted = DRIFTING in properties && faults?.strikes('drift', 'write') === true;
  const refusal = refusalOf(store, properties, drifted ? [DRIFTING] : []);
  if (refusal !== undefined) throw refusal;
}

function change(
  portal: FakePortal,
  kind: Kind,
  record: FakeRecord,
  properties: Record<string, string>,
): void {
  refuse(portal, properties);
  const { lifecyclestage, ...others } = effective(properties, record);
  const ignored = lifecyclestage !== undefined && portal.faults?.strikes('stage') === true;
  const written = lifecyclestage === undefined || ignored ? others : { ...others, lifecyclestage };
  const { changed, events } = portal.store.update(kind, record.id, written, portal.byApi);
  if (Object.keys(changed).length === 0) return;
  portal.record({ verb: verbOf(kind, changed), target: record.id, detail: changed });
  portal.send(events);
  const owner = portal.store.overruled.get(record.id);
  if (owner === undefined || !('hubspot_owner_id' in changed)) return;
  const byWorkflow = { changeSource: 'AUTOMATION_PLATFORM' };
  portal.send(portal.store.update(kind, record.id, { hubspot_owner_id: owner }, byWorkflow).events);
}

type Outcome = { result: object } | { error: object };

function batchAnswer(context: Context, outcomes: readonly Outcome[]): Response {
  const errors = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
  const results = outcomes.flatMap((outcome) => ('result' in outcome ? [outcome.result] : []));
  if (errors.length === 0) return context.json({ status: 'COMPLETE', results });
  return context.json({ status: 'COMPLETE', results, numErrors: errors.length, errors }, 207);
}

/** One of a batch is written or refused; the others do not mind. */
function oneOf(
  portal: FakePortal,
  objectWriteTraceId: string,
  write: () => { record: FakeRecord; names: string[]; isNew: boolean },
): Outcome {
  try {
    if (portal.faults?.strikes('partial')) throw invalid('INVALID_VALUE', 'phone');
    const { record, names, isNew } = write();
    return { result: { ...shown(record, names), new: isNew, objectWriteTraceId } };
  } catch (error) {
    if (!(error instanceof HubspotRefusal)) throw error;
    const { message, body } = error;
    const context = { objectWriteTraceId: [objectWriteTraceId] };
    return { error: { status: 'error', category: body['category'], message, context } };
  }
}

function upsertOne(portal: FakePortal, input: z.infer<typeof Upsert>['inputs'][number]): Outcome {
  return oneOf(portal, input.objectWriteTraceId, () => {
    const properties = { ...input.properties, email: input.id };
    const names = Object.keys(properties);
    const existing = contactByEmail(portal.store, input.id);
    if (existing === undefined)
      return { record: create(portal, 'contacts', properties, []), names, isNew: true };
    change(portal, 'contacts', existing, properties);
    return { record: existing, names, isNew: false };
  });
}

function updateOne(portal: FakePortal, input: z.infer<typeof Update>['inputs'][number]): Outcome {
  return oneOf(portal, input.objectWriteTraceId, () => {
    const record = lookUp(portal.store, 'contacts', input.id, undefined);
    if (record === undefined) throw notFound();
    change(portal, 'contacts', record, input.properties);
    return { record, names: Object.keys(input.properties), isNew: false };
  });
}

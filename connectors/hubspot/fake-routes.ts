import { type Context, Hono } from 'hono';
import * as z from 'zod';
import type { FakeWrite } from '#connectors/kit/fake.ts';
import { HubspotRefusal, invalid, malformed, notFound } from './fake-errors.ts';
import { contactByEmail, REQUIRED, refusalOf, shown, verbOf } from './fake-objects.ts';
import type { Change, FakeEvent, FakeRecord, HubspotStore, Kind } from './fake-store.ts';
import { markerIn } from './marker.ts';

export interface FakePortal {
  readonly store: HubspotStore;
  /** How HubSpot marks what is written with the app's token. */
  readonly byApi: Change;
  send(events: readonly FakeEvent[]): void;
  record(write: Omit<FakeWrite, 'at'>): void;
}

const Kinds = z.enum(['contacts', 'deals', 'tasks', 'notes']);
const Properties = z.record(z.string(), z.string());
const Ids = z.array(z.strictObject({ id: z.string() }));

const Create = z.strictObject({
  properties: Properties,
  associations: z.array(
    z.strictObject({
      to: z.strictObject({ id: z.string() }),
      types: z.array(
        z.strictObject({
          associationCategory: z.literal('HUBSPOT_DEFINED'),
          associationTypeId: z.union([z.literal(202), z.literal(204)]),
        }),
      ),
    }),
  ),
});

const Upsert = z.strictObject({
  inputs: z
    .array(
      z.strictObject({
        idProperty: z.literal('email'),
        id: z.string(),
        objectWriteTraceId: z.string(),
        properties: Properties,
      }),
    )
    .max(100),
});

/** Creates, reads and changes records, one or many at a time. */
export function objectRoutes(portal: FakePortal): Hono {
  const { store } = portal;
  const routes = new Hono();

  routes.post('/contacts/batch/upsert', async (context) => {
    const { inputs } = await bodyOf(context, Upsert);
    const outcomes = inputs.map((input) => upsertOne(portal, input));
    const errors = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
    const results = outcomes.flatMap((outcome) => ('result' in outcome ? [outcome.result] : []));
    if (errors.length === 0) return context.json({ status: 'COMPLETE', results });
    return context.json({ status: 'COMPLETE', results, numErrors: errors.length, errors }, 207);
  });

  routes.post('/:kind/batch/read', async (context) => {
    const kind = kindOf(context);
    const schema = z.strictObject({ inputs: Ids.max(100), properties: z.array(z.string()) });
    const { inputs, properties } = await bodyOf(context, schema);
    const found = inputs.flatMap(({ id }) => store.records[kind].get(id) ?? []);
    return context.json({
      status: 'COMPLETE',
      results: found.map((record) => shown(record, properties)),
    });
  });

  routes.post('/:kind', async (context) => {
    const kind = kindOf(context);
    const { properties, associations } = await bodyOf(context, Create);
    const record = create(
      portal,
      kind,
      properties,
      associations.map(({ to }) => to.id),
    );
    return context.json(shown(record, Object.keys(properties)), 201);
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
  contactIds: readonly string[],
): FakeRecord {
  const { store, byApi } = portal;
  const required = REQUIRED[kind];
  if (required !== undefined && !properties[required]) {
    throw invalid('REQUIRED_FIELD', required);
  }
  const refusal = refusalOf(store, properties);
  if (refusal !== undefined) throw refusal;
  const existing =
    kind === 'contacts' ? contactByEmail(store, properties['email'] ?? '') : undefined;
  if (existing !== undefined) {
    const message = `Contact already exists. Existing ID: ${existing.id}`;
    throw new HubspotRefusal(409, 'CONFLICT', message);
  }
  if (contactIds.some((id) => !store.records.contacts.has(id))) throw notFound();

  const { record, events } = store.create(kind, properties, byApi);
  const linked = contactIds.flatMap((id) => store.associate(kind, record.id, id, byApi));
  const verbs = {
    contacts: 'person.upsert',
    tasks: 'task.create',
    notes: 'note.create',
    deals: 'deal.create',
  };
  portal.record({
    verb: verbs[kind],
    target: record.id,
    key: markerIn(properties['hs_task_body'] ?? properties['hs_note_body']),
    detail: { created: true, ...properties, ...(contactIds[0] ? { contact: contactIds[0] } : {}) },
  });
  portal.send([...events, ...linked]);
  return record;
}

function change(
  portal: FakePortal,
  kind: Kind,
  record: FakeRecord,
  properties: Record<string, string>,
): void {
  const refusal = refusalOf(portal.store, properties, record);
  if (refusal !== undefined) throw refusal;
  const { changed, events } = portal.store.update(kind, record.id, properties, portal.byApi);
  if (Object.keys(changed).length === 0) return;
  portal.record({ verb: verbOf(kind, changed), target: record.id, detail: changed });
  portal.send(events);
}

function upsertOne(portal: FakePortal, input: z.infer<typeof Upsert>['inputs'][number]) {
  const existing = contactByEmail(portal.store, input.id);
  const refusal = refusalOf(portal.store, { email: input.id, ...input.properties }, existing);
  if (refusal !== undefined) {
    const { message } = refusal;
    const context = { objectWriteTraceId: [input.objectWriteTraceId] };
    return { error: { status: 'error', category: 'VALIDATION_ERROR', message, context } };
  }
  const properties = { ...input.properties, email: input.id };
  if (existing === undefined) {
    const made = create(portal, 'contacts', properties, []);
    return { result: { ...shown(made, Object.keys(properties)), new: true } };
  }
  change(portal, 'contacts', existing, properties);
  return { result: { ...shown(existing, Object.keys(properties)), new: false } };
}

import { type Context, Hono } from 'hono';
import * as z from 'zod';
import type { FakeWrite } from '#connectors/kit/fake.ts';
import { notFound, refused, SalesforceRefusal } from './fake-errors.ts';
import type { Schema } from './fake-schema.ts';
import { SObjectName } from './fake-sobject.ts';
import { answerQuery } from './fake-soql.ts';
import type { Change, Row, SalesforceStore } from './fake-store.ts';

export interface FakeOrganization {
  readonly store: SalesforceStore;
  readonly schema: Schema;
  /** The user that the app runs as. */
  readonly runAs: string;
  /** Whether new leads are compared with what is there, and refused when they match. */
  readonly duplicateRule: boolean;
  /** Names of the external id fields. */
  readonly keys: Readonly<Partial<Record<SObjectName, string>>>;
  record(write: Omit<FakeWrite, 'at'>): void;
}

const Fields = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
type Fields = z.infer<typeof Fields>;

/** Whom the assignment rule of the organisation gives leads to. */
const ASSIGNMENT_QUEUE = '00G000000000001AAA';

/** The REST resources that the connector uses. */
export function recordRoutes(organization: FakeOrganization): Hono {
  const { store, schema } = organization;
  const routes = new Hono();
  const answer = (context: Context, deletedToo: boolean) =>
    context.json(answerQuery(store, schema, context.req.query('q') ?? '', deletedToo));
  routes.get('/query', (context) => answer(context, false));
  routes.get('/queryAll', (context) => answer(context, true));

  routes.patch('/sobjects/:entity/:id', async (context) => {
    const entity = entityOf(context);
    const fields = await fieldsOf(context);
    const row = find(store, entity, context.req.param('id'));
    if (row === undefined) throw notFound();
    update(
      organization,
      entity,
      row,
      withAssignment(context, entity, fields, false),
      changeOf(context),
    );
    return context.body(null, 204);
  });

  routes.patch('/sobjects/:entity/:field/:value', async (context) => {
    const entity = entityOf(context);
    const { field, value } = context.req.param();
    if (organization.keys[entity] !== field) throw notFound();
    const fields = await fieldsOf(context);
    const matches = store.having(entity, field, value).filter((row) => row[field] === value);
    if (matches.length > 1) {
      const paths = matches.map((row) => `/services/data/v66.0/sobjects/${entity}/${row.Id}`);
      return context.json(paths, 300);
    }
    const [existing] = matches;
    const written = { ...fields, [field]: value };
    if (existing !== undefined) {
      update(
        organization,
        entity,
        existing,
        withAssignment(context, entity, fields, false),
        changeOf(context),
        value,
      );
      return context.json({ id: existing.Id, success: true, errors: [], created: false });
    }
    const row = create(
      organization,
      entity,
      withAssignment(context, entity, written, true),
      changeOf(context),
      value,
    );
    return context.json({ id: row.Id, success: true, errors: [], created: true }, 201);
  });

  const changeOf = (context: Context): Change => {
    const options = context.req.header('sforce-call-options') ?? '';
    return { user: organization.runAs, client: /client=([^;]*)/.exec(options)?.[1] };
  };
  return routes;
}

function entityOf(context: Context): SObjectName {
  const entity = SObjectName.safeParse(context.req.param('entity'));
  if (!entity.success) throw notFound();
  return entity.data;
}

async function fieldsOf(context: Context): Promise<Fields> {
  const fields = Fields.safeParse(await context.req.json().catch(() => undefined));
  if (!fields.success) throw refused('JSON_PARSER_ERROR', 'Unexpected body');
  return fields.data;
}

function find(store: SalesforceStore, entity: SObjectName, id: string): Row | undefined {
  const exact = store.live[entity].get(id);
  if (exact !== undefined || id.length !== 15) return exact;
  return [...store.live[entity].values()].find((row) => row.Id.startsWith(id));
}

/** Unless a call says otherwise, the assignment rule has the last word on a lead's owner. */
function withAssignment(
  context: Context,
  entity: SObjectName,
  fields: Fields,
  isNew: boolean,
): Fields {
  const off = context.req.header('sforce-auto-assign')?.toUpperCase() === 'FALSE';
  if (off || entity !== 'Lead' || !(isNew || 'OwnerId' in fields)) return fields;
  return { ...fields, OwnerId: ASSIGNMENT_QUEUE };
}

function create(
  organization: FakeOrganization,
  entity: SObjectName,
  fields: Fields,
  change: Change,
  key: string,
): Row {
  const { store, schema, runAs } = organization;
  schema.requireWritable(store, entity, fields, undefined);
  if (entity === 'Lead' && organization.duplicateRule) requireNoTwin(store, fields);
  const row = store.create(entity, { ...DEFAULTS[entity], OwnerId: runAs, ...fields }, change);
  const verb = entity === 'Task' ? 'task.create' : 'person.upsert';
  organization.record({ verb, target: row.Id, key, detail: { created: true, ...fields } });
  return row;
}

const DEFAULTS: Partial<Record<SObjectName, Fields>> = {
  Lead: { Status: 'Open - Not Contacted', IsConverted: false, HasOptedOutOfEmail: false },
  Task: { Status: 'Not Started', IsClosed: false, TaskSubtype: 'Task' },
};

function requireNoTwin(store: SalesforceStore, fields: Fields): void {
  const people = [...store.live.Lead.values(), ...store.live.Contact.values()];
  const isTwin = (row: Row) =>
    ['Email', 'Phone'].some((name) => fields[name] !== undefined && row[name] === fields[name]);
  const twin = people.find(isTwin);
  if (twin === undefined) return;
  throw new SalesforceRefusal(400, 'DUPLICATES_DETECTED', "You're creating a duplicate record.", {
    duplicateResult: {
      allowSave: true,
      matchResults: [{ matchRecords: [{ record: { Id: twin.Id } }] }],
    },
  });
}

function update(
  organization: FakeOrganization,
  entity: SObjectName,
  row: Row,
  fields: Fields,
  change: Change,
  key?: string,
): void {
  organization.schema.requireWritable(organization.store, entity, fields, row);
  const changed = organization.store.update(entity, row.Id, withClosing(entity, fields), change);
  if (Object.keys(changed).length === 0) return;
  organization.record({ verb: verbOf(entity, changed), target: row.Id, key, detail: changed });
}

/** Salesforce computes whether a task is closed from its status. */
export function withClosing(entity: SObjectName, fields: Fields): Fields {
  if (entity !== 'Task' || fields['Status'] === undefined) return fields;
  return { ...fields, IsClosed: fields['Status'] === 'Completed' };
}

function verbOf(entity: SObjectName, changed: Readonly<Record<string, unknown>>): string {
  if (entity === 'Task') return changed['Status'] === 'Completed' ? 'task.close' : 'task.change';
  if ('OwnerId' in changed) return 'person.assign';
  return 'Status' in changed ? 'person.status' : 'person.upsert';
}

import type { Answer, Call, FakeOrganization } from './fake-call.ts';
import { answerComposite, saveMany } from './fake-composite.ts';
import { notFound, SalesforceRefusal } from './fake-errors.ts';
import { actions, convertLead, describe, limits, members } from './fake-metadata.ts';
import { createRow, fieldsOf, findRow, removeRow, tableOf, updateRow } from './fake-records.ts';
import { findRows } from './fake-soql.ts';

type Resource = (organization: FakeOrganization, call: Call, parts: readonly string[]) => Answer;

const ok = (body: unknown): Answer => ({ status: 200, body });

const query =
  (deletedToo: boolean): Resource =>
  ({ store, schema, pages }, call) =>
    ok(pages.first(findRows(store, schema, call.query.get('q') ?? '', deletedToo)));

const readRecord: Resource = ({ store }, call, [entity, id = '']) => {
  const row = findRow(store, tableOf(entity), id);
  const names = call.query.get('fields')?.split(',') ?? Object.keys(row);
  return ok(Object.fromEntries(names.map((name) => [name, row[name] ?? null])));
};

const create: Resource = (organization, call, [entity]) => {
  const row = createRow(organization, tableOf(entity), fieldsOf(call.body), call);
  return { status: 201, body: { id: row.Id, success: true, errors: [] } };
};

const change: Resource = (organization, call, [entity, id = '']) => {
  const table = tableOf(entity);
  updateRow(organization, table, findRow(organization.store, table, id), fieldsOf(call.body), call);
  return { status: 204 };
};

const remove: Resource = (organization, call, [entity, id = '']) => {
  const table = tableOf(entity);
  removeRow(organization, table, findRow(organization.store, table, id), call);
  return { status: 204 };
};

/** Makes or changes what has an external id; several that have it are for a person to sort out. */
const upsert: Resource = (organization, call, [entity, field = '', value = '']) => {
  const table = tableOf(entity);
  const { store, keys } = organization;
  if (keys[table] !== field) throw notFound();
  const fields = fieldsOf(call.body);
  const matches = store.having(table, field, value).filter((row) => row[field] === value);
  if (matches.length > 1) {
    const paths = matches.map((row) => `/services/data/v66.0/sobjects/${table}/${row.Id}`);
    return { status: 300, body: paths };
  }
  const [existing] = matches;
  if (existing !== undefined) {
    updateRow(organization, table, existing, fields, call, value);
    return ok({ id: existing.Id, success: true, errors: [], created: false });
  }
  const row = createRow(organization, table, { ...fields, [field]: value }, call, value);
  return { status: 201, body: { id: row.Id, success: true, errors: [], created: true } };
};

/** The REST resources that the connector uses, the more exact before the less. */
const RESOURCES: readonly (readonly [method: string, path: RegExp, resource: Resource])[] = [
  ['GET', /^\/query$/, query(false)],
  ['GET', /^\/queryAll$/, query(true)],
  ['GET', /^\/query\/([\w-]+)$/, ({ pages }, _, [locator = '']) => ok(pages.next(locator))],
  ['GET', /^\/tooling\/query$/, members],
  ['GET', /^\/limits$/, limits],
  ['GET', /^\/actions\/standard$/, actions],
  ['POST', /^\/actions\/standard\/convertLead$/, convertLead],
  [
    'POST',
    /^\/composite$/,
    (organization, call) => answerComposite(organization, call, answerCall),
  ],
  ['PATCH', /^\/composite\/sobjects$/, (organization, call) => saveMany(organization, call)],
  [
    'PATCH',
    /^\/composite\/sobjects\/(\w+)\/(\w+)$/,
    (organization, call, [entity = '', field = '']) =>
      saveMany(organization, call, (fields) => {
        const { [field]: value, ...others } = fields;
        const one = { ...call, body: others };
        const answer = upsert(organization, one, [entity, field, String(value)]);
        if (answer.status === 300) {
          throw new SalesforceRefusal(300, 'DUPLICATE_VALUE', 'several records match');
        }
        return answer.body;
      }),
  ],
  ['GET', /^\/sobjects\/(\w+)\/describe$/, describe],
  ['POST', /^\/sobjects\/(\w+)$/, create],
  ['GET', /^\/sobjects\/(\w+)\/(\w+)$/, readRecord],
  ['PATCH', /^\/sobjects\/(\w+)\/(\w+)$/, change],
  ['DELETE', /^\/sobjects\/(\w+)\/(\w+)$/, remove],
  ['PATCH', /^\/sobjects\/(\w+)\/(\w+)\/(.+)$/, upsert],
];

/** Answers one call. Throws a refusal as Salesforce would refuse it. */
export function answerCall(organization: FakeOrganization, call: Call): Answer {
  for (const [method, path, resource] of RESOURCES) {
    const found = call.method === method ? path.exec(call.path) : null;
    if (found !== null) {
      return resource(organization, call, found.slice(1).map(decodeURIComponent));
    }
  }
  throw notFound();
}

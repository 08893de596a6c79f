import type { Hono } from 'hono';
import { answer, type FakeInstance } from './instance.ts';

type Field = readonly [name: string, dataType: string, more?: { updateable?: boolean }];

const LEAD_FIELDS: readonly Field[] = [
  ['id', 'integer', { updateable: false }],
  ['email', 'email'],
  ['firstName', 'string'],
  ['lastName', 'string'],
  ['title', 'string'],
  ['phone', 'phone'],
  ['country', 'string'],
  ['state', 'string'],
  ['postalCode', 'string'],
  ['city', 'string'],
  ['leadStatus', 'string'],
  ['leadScore', 'integer'],
  ['unsubscribed', 'boolean'],
  ['createdAt', 'datetime', { updateable: false }],
  ['updatedAt', 'datetime', { updateable: false }],
  ['externalCompanyId', 'string'],
  ['externalSalesPersonId', 'string'],
];
const COMPANY_FIELDS: readonly Field[] = [
  ['externalCompanyId', 'string'],
  ['company', 'string'],
  ['website', 'url'],
  ['industry', 'string'],
  ['numberOfEmployees', 'integer'],
];

/** Values that no field of a lead can take. */
export function knownFields(input: Readonly<Record<string, unknown>>): boolean {
  return Object.values(input).every((value) => value === null || typeof value !== 'object');
}

/** What there is, and how much of the day's quota is used. */
export function schemaRoutes(app: Hono, instance: FakeInstance): void {
  const fields = (list: readonly Field[]) =>
    list
      .filter(([name]) => !instance.drifted.has(name))
      .map(([name, dataType, { updateable = true } = {}]) => ({
        name,
        displayName: name,
        dataType,
        length: 255,
        updateable,
        crmManaged: instance.options.crmSync === true && name.startsWith('external'),
      }));
  app.get('/rest/v1/leads/describe2.json', (context) => {
    if (instance.options.faults?.strikes('drift', context.req.path)) instance.drifted.add('title');
    return context.json(
      answer([
        {
          name: 'API Lead',
          searchableFields: [['email'], ['id']],
          fields: fields([...LEAD_FIELDS, ...COMPANY_FIELDS.slice(1)]),
        },
      ]),
    );
  });
  app.get('/rest/v1/companies/describe.json', (context) =>
    context.json(
      answer([
        {
          name: 'Company',
          dedupeFields: ['externalCompanyId'],
          searchableFields: [['externalCompanyId'], ['id']],
          fields: fields(COMPANY_FIELDS),
        },
      ]),
    ),
  );
  app.get('/rest/v1/activities/types.json', (context) =>
    context.json(answer([{ id: 1, name: 'Visit Webpage' }])),
  );
  app.get('/rest/v1/lists.json', (context) =>
    context.json(answer([...instance.lists.keys()].map((id) => ({ id, name: `List ${id}` })))),
  );
  app.get('/rest/v1/stats/usage.json', (context) =>
    context.json(
      answer([
        {
          date: instance.day.on,
          total: instance.day.calls,
          users: [{ userId: 'apis@acme.example', count: instance.day.calls }],
        },
      ]),
    ),
  );
}

import * as z from 'zod';
import { connectors } from '#connectors/index.ts';
import { OFFERED_VERBS } from '#connectors/kit/offered-verbs.ts';
import { ROLE_VERBS, type Role, VERBS } from '#core/operations.ts';

/** Which roles each vendor is sold for; a vendor that only tells plays none. */
const ROLES: Readonly<Record<string, readonly Role[]>> = {
  apollo: ['enrichment'],
  ga4: ['analytics'],
  hubspot: ['crm', 'map'],
  jitsu: [],
  marketo: ['map'],
  'people-data-labs': ['enrichment'],
  pipedrive: ['crm'],
  posthog: [],
  rudderstack: [],
  salesforce: ['crm'],
  segment: ['analytics'],
  ses: [],
  slack: ['chat'],
  snowplow: [],
};

/** Why an operation that is not idempotent can't look for what an earlier try left behind. */
const WITHOUT_FIND: Readonly<Record<string, string>> = {
  'ga4.conversion.report':
    'The Measurement Protocol answers nothing and can not be asked; a win that comes twice has one transaction_id, of which reports count the first.',
  'marketo.campaign.request':
    'Marketo answers no name of the run and keeps none to ask for; a campaign that each person can run through once makes a repeat harmless.',
};

const entries = Object.entries(connectors);
const operations = entries.flatMap(([vendor, { operations }]) =>
  Object.entries(operations).map(
    ([name, operation]) => [`${vendor}.${name}`, { name, operation }] as const,
  ),
);
const SHAPES = { ...VERBS, ...OFFERED_VERBS };
const verbs = operations.filter(([, { name }]) => name in SHAPES);

test('the vendors are those whose roles are known', () => {
  expect(Object.keys(connectors).sort()).toEqual(Object.keys(ROLES).sort());
});

test.each(entries)('%s says who it is and where it is documented', (vendor, connector) => {
  expect(connector.id).toBe(vendor);
  expect(connector.title).not.toBe('');
  expect(z.url({ protocol: /^https$/ }).safeParse(connector.docs).success).toBe(true);
});

test.each(entries)('%s can play its roles', (vendor, connector) => {
  const missing = (ROLES[vendor] ?? [])
    .flatMap((role) => ROLE_VERBS[role])
    .filter((verb) => connector.operations[verb] === undefined);
  expect(missing).toEqual([]);
});

test.each(entries)('%s plays no role that is not known here', (vendor, connector) => {
  const played = (Object.keys(ROLE_VERBS) as Role[]).filter((role) =>
    ROLE_VERBS[role].every((verb) => connector.operations[verb] !== undefined),
  );
  expect(played).toEqual(expect.arrayContaining([...(ROLES[vendor] ?? [])]));
  expect(played).toHaveLength(ROLES[vendor]?.length ?? 0);
});

test.each(entries)('%s refuses a setting that it does not know', (_vendor, connector) => {
  const issues = connector.settings.safeParse({ noSuchSetting: 'x' }).error?.issues;
  expect(issues?.map(({ code }) => code)).toContain('unrecognized_keys');
});

test.each(entries)('%s knows a closed door from a vendor that is down', (_vendor, connector) => {
  // A vendor without operations only tells and is never called.
  const answers = Object.keys(connector.operations).length === 0 ? [] : [401, 500, 503];
  for (const status of answers) {
    const failure = connector.http.failure({ status, headers: {}, body: 'down' });
    expect(failure?.kind).toBe(status === 401 ? 'auth' : 'retry');
  }
});

test.each(verbs)('%s has the shapes of the verb', (_name, { name, operation }) => {
  const verb = SHAPES[name as keyof typeof SHAPES];
  expect(operation.input).toBe(verb.input);
  expect(operation.output).toBe(verb.output);
});

test.each(operations)('%s has a sentence for the catalogue', (_name, { operation }) => {
  expect(operation.summary).toMatch(/^[A-Z].*\.$/);
});

test.each(operations)('%s has schemas that editors can use', (_name, { operation }) => {
  expect(z.toJSONSchema(operation.input, { io: 'input' })).toMatchObject({ type: 'object' });
  // An output may be one of several objects.
  expect(() => z.toJSONSchema(operation.output, { io: 'input' })).not.toThrow();
});

test.each(operations.filter(([, { operation }]) => !operation.idempotent))(
  '%s is not idempotent and looks first, or says why it can not',
  (name, { operation }) => {
    expect(operation.find !== undefined || name in WITHOUT_FIND).toBe(true);
  },
);

test('no reason outlives its operation', () => {
  const needed = operations
    .filter(([, { operation }]) => !operation.idempotent && operation.find === undefined)
    .map(([name]) => name);
  expect(Object.keys(WITHOUT_FIND)).toEqual(needed);
});

import { existsSync, readFileSync } from 'node:fs';
import { type Connected, connect, MORNING } from './marketo-connection.ts';
import { problemsOf, Specification } from './marketo-specification.ts';

/** Adobe's own description of the API, where it lies beside the repository. */
const FOLDER = '../shared/data/marketo';
const isThere = existsSync(`${FOLDER}/swagger-mapi.json`);

const specification = () =>
  ['identity', 'mapi']
    .map((part) => readFileSync(`${FOLDER}/swagger-${part}.json`, 'utf8'))
    .map((text) => Specification.parse({ definitions: {}, ...JSON.parse(text) }))
    .reduce((left, right) => ({
      paths: { ...left.paths, ...right.paths },
      definitions: { ...left.definitions, ...right.definitions },
    }));

const SETTINGS = {
  stageField: 'stage',
  partition: 'EMEA',
  activity: { type: 100001, keyAttribute: 'hubKey' },
};
const SALES = 'sue@acme.example';

/** Calls every operation, stream and examination once, so that every request is seen. */
async function callAll(map: Connected): Promise<void> {
  const { fake, call } = map;
  const record = { kind: 'lead', id: String(fake.addLead({ email: 'ada@acme.example' }).id) };
  const twin = { kind: 'lead', id: String(fake.addLead({ email: 'ada@home.example' }).id) };
  const emails = Array.from({ length: 300 }, (_, index) => `a.long.name.${index}@acme.example`);
  const facts = { firstName: 'Ada', company: 'Acme', employees: 12 };
  const calls: [operation: string, input: object][] = [
    ['person.upsert', { email: 'bob@acme.example', facts }],
    ['people.upsert', { people: [{ key: 'a', record, facts: { title: 'CTO' } }] }],
    ['person.find', { email: 'ada@acme.example' }],
    ['people.find', { emails }],
    ['person.read', { record }],
    ['owner.find', { email: SALES }],
    ['person.assign', { record, owner: SALES, status: 'assigned' }],
    ['person.status', { record, status: 'working' }],
    ['person.stage', { record, stage: 'SAL' }],
    ['person.score', { record, score: 7 }],
    ['person.associate', { record, cookie: 'id:1&token:2' }],
    ['person.merge', { into: record, from: [twin] }],
    ['list.add', { record, list: '1001' }],
    ['list.has', { record, list: '1001' }],
    ['list.remove', { record, list: '1001' }],
    ['list.addMany', { records: [record], list: '1001' }],
    ['list.removeMany', { records: [record], list: '1001' }],
    ['campaign.add', { record, campaign: '77', status: 'Attended' }],
    ['campaign.remove', { record, campaign: '77' }],
    ['campaign.request', { record, campaign: '2001', tokens: { 'my.word': 'x' } }],
    ['activity.record', { record, at: MORNING.toISOString(), title: 'Visited' }],
  ];
  const opened = map.connections.open('map');
  expect(calls.map(([name]) => name).sort()).toEqual(
    Object.keys(opened.connector.operations).sort(),
  );
  for (const [operation, input] of calls) await call(operation, input);
  await call('activity.record', { ...calls.at(-1)?.[1], title: 'Unheard' }, true);

  const context = await opened.operationContext('none');
  const { streams = {}, mapping, examination } = opened.connector;
  for (const stream of Object.values(streams)) {
    let page = await stream.read(context, { from: new Date(MORNING.getTime() - 1) });
    while (page.more) page = await stream.read(context, { cursor: page.cursor });
  }
  await mapping?.describe(context);
  await examination?.credentials(context);
  await examination?.scopes?.(context);
  await examination?.limits?.(context);
}

(isThere ? test : test.skip)(
  `every request is one that ${FOLDER} describes${isThere ? '' : ', which is not here'}`,
  async () => {
    await using map = await connect(
      { programs: { 77: ['Attended'] }, salespeople: [SALES] },
      SETTINGS,
    );
    await callAll(map);
    const known = specification();
    expect(map.seen.flatMap((request) => problemsOf(known, request))).toEqual([]);
    expect(new Set(map.seen.map(({ path }) => path)).size).toBeGreaterThan(20);
  },
);

(isThere ? test : test.skip)('a request that is not described is found out', () => {
  const known = specification();
  const post = (path: string, body: unknown, query = '') =>
    problemsOf(known, { method: 'POST', path, query: new URLSearchParams(query), body });
  expect(post('/rest/v1/leed.json', {})).toEqual(['POST /rest/v1/leed.json is not there']);
  expect(post('/rest/v1/leads.json', { input: [], lookup: 'x' })).toHaveLength(1);
  expect(post('/rest/v1/leads.json', { input: [], action: 'upsert' })).toHaveLength(1);
  expect(post('/rest/v1/leads.json', { input: [] }, 'access_token=x')).toHaveLength(1);
  expect(post('/rest/v1/lists/1/leads.json', undefined, 'id=a')).toHaveLength(1);
});

test('every question that is too long for an address goes as a form', async () => {
  await using map = await connect();
  const emails = Array.from({ length: 300 }, (_, index) => `a.long.name.${index}@acme.example`);
  const { id } = map.fake.addLead({ email: emails[299] });
  await expect(map.call('people.find', { emails })).resolves.toMatchObject({
    people: expect.arrayContaining([
      { email: emails[299], records: [{ kind: 'lead', id: String(id) }] },
    ]),
  });
  expect(map.seen.at(-1)).toMatchObject({ method: 'GET', path: '/rest/v1/leads.json' });
});

test('no address of a call carries a token or the client secret', async () => {
  await using map = await connect(
    { programs: { 77: ['Attended'] }, salespeople: [SALES] },
    SETTINGS,
  );
  await callAll(map);
  for (const { path, query } of map.seen.filter((one) => one.path.startsWith('/rest/'))) {
    expect(query.has('access_token') ? path : 'none').toBe('none');
  }
});

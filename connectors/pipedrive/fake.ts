import { type Context, Hono } from 'hono';
import { type Fake, type FakeOptions, type FakeWrite, outage } from '#connectors/kit/fake.ts';
import { hangUp } from '#connectors/kit/hang-up.ts';
import { type News, openNews } from '#connectors/kit/news.ts';

const API_TOKEN = 'pipedrive-api-token';
const WEBHOOK_PASSWORD = 'pipedrive-webhook-password';
/** The user whose token it is. */
const HUB_USER = 1;

type Row = Readonly<Record<string, unknown>> & { readonly id: number };
type Kind = 'person' | 'deal' | 'activity' | 'note';

export interface FakePipedrive extends Fake {
  /** Credentials and settings that fit this fake, for a connection to it. */
  connectionTo(url: string): { credentials: object; settings: object };
  /** A user makes a record or changes one; who subscribed is told. */
  change(kind: Kind, values: Readonly<Record<string, unknown>>, by?: number): Row;
  row(kind: Kind, id: number | string): Row | undefined;
}

export interface PipedriveFakeOptions extends FakeOptions {
  /** E-mail addresses of the salespeople: users 2, 3, … */
  readonly users: readonly string[];
  /** Where the webhooks go. */
  readonly target?: string;
  readonly personFields?: readonly string[];
  readonly labels?: readonly number[];
}

interface Account {
  readonly options: PipedriveFakeOptions;
  readonly rows: ReadonlyMap<Kind, Map<number, Row>>;
  readonly writes: FakeWrite[];
  readonly news: News;
}

/** An account that keeps records, speaks both versions of the API, and fails when its script says so. */
export function fakePipedrive(options: PipedriveFakeOptions): FakePipedrive {
  const kinds: Kind[] = ['person', 'deal', 'activity', 'note'];
  const account: Account = {
    options,
    rows: new Map(kinds.map((kind) => [kind, new Map<number, Row>()])),
    writes: [],
    news: openNews(options),
  };
  const app = new Hono();
  const fake: FakePipedrive = {
    app,
    outageUntil: undefined,
    writes: account.writes,
    connectionTo: (url) => ({
      credentials: { apiToken: API_TOKEN, webhookPassword: WEBHOOK_PASSWORD },
      settings: { baseUrl: url, userId: HUB_USER },
    }),
    change: (kind, values, by = 2) => put(account, kind, values, by),
    row: (kind, id) => account.rows.get(kind)?.get(Number(id)),
  };
  app.use(outage(fake, options.now));
  app.use('/api/*', async (context, next) => {
    const refused = refusal(options, context);
    if (refused !== undefined) return refused;
    const before = account.writes.length;
    await next();
    const wrote = account.writes.length > before;
    if (wrote && options.faults?.strikes('lost-answer', context.req.path)) return hangUp(context);
    return undefined;
  });
  recordRoutes(app, account);
  accountRoutes(app, account);
  return fake;
}

function refusal({ faults }: PipedriveFakeOptions, context: Context): Response | undefined {
  const { path } = context.req;
  const no = (status: 401 | 403 | 429 | 503, headers: Record<string, string> = {}) =>
    context.json({ success: false, error: 'refused' }, status, headers);
  if (faults?.strikes('outage', path)) return no(503);
  const known = context.req.header('x-api-token') === API_TOKEN;
  if (!known || faults?.strikes('token', path)) return no(401);
  if (faults?.strikes('scopes', path)) return no(403);
  if (faults?.strikes('quota', path)) return no(429, { 'x-daily-requests-left': '0' });
  return faults?.strikes('throttle', path) ? no(429, { 'retry-after': '2' }) : undefined;
}

/** Times have whole seconds and are in UTC. */
function put(
  { options, rows, news }: Account,
  kind: Kind,
  values: Readonly<Record<string, unknown>>,
  by: number,
): Row {
  const table = rows.get(kind) ?? new Map<number, Row>();
  const id = Number(values['id'] ?? table.size + 1);
  const before = table.get(id);
  const update_time = `${options.now().toISOString().slice(0, 19)}Z`;
  const row: Row = { ...DEFAULTS[kind], ...before, ...values, id, update_time };
  table.set(id, row);
  if (kind === 'note') return row;
  const previous =
    before && Object.fromEntries(Object.keys(values).map((key) => [key, before[key]]));
  const meta = {
    ...{ action: before ? 'change' : 'create', entity: kind, version: '2.0', entity_id: id },
    ...{ user_id: by, attempt: 1, timestamp: options.now().toISOString() },
  };
  const basic = Buffer.from(`baton:${WEBHOOK_PASSWORD}`).toString('base64');
  news.tell({
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${basic}` },
    body: JSON.stringify({ meta, data: row, previous: previous ?? null }),
  });
  return row;
}

const DEFAULTS: Readonly<Record<Kind, object>> = {
  person: { owner_id: HUB_USER, label_ids: [], emails: [], phones: [], custom_fields: {} },
  deal: { status: 'open', stage_id: 1, currency: 'EUR', custom_fields: {} },
  activity: { done: false, owner_id: HUB_USER, type: 'task' },
  note: {},
};

const PATHS: readonly (readonly [string, Kind])[] = [
  ['/api/v2/persons', 'person'],
  ['/api/v2/deals', 'deal'],
  ['/api/v2/activities', 'activity'],
  ['/api/v1/notes', 'note'],
];

function recordRoutes(app: Hono, account: Account): void {
  app.get('/api/v2/persons/search', (context) => {
    const term = context.req.query('term')?.toLowerCase();
    const found = [...(account.rows.get('person')?.values() ?? [])].filter((row) =>
      (row['emails'] as { value: string }[]).some(({ value }) => value.toLowerCase() === term),
    );
    const items = found.map(({ id, name }) => ({ result_score: 1, item: { id, name } }));
    return context.json({ success: true, data: { items }, additional_data: { next_cursor: null } });
  });
  for (const [path, kind] of PATHS) {
    app.get(path, (context) => context.json(page(account, kind, context.req.query())));
    app.get(`${path}/:id`, (context) => {
      const row = account.rows.get(kind)?.get(Number(context.req.param('id')));
      if (row === undefined) return context.json({ success: false, error: 'not found' }, 404);
      return context.json({ success: true, data: row });
    });
    app.post(path, (context) => change(account, kind, context));
    app.patch(`${path}/:id`, (context) => change(account, kind, context, context.req.param('id')));
  }
}

async function change(account: Account, kind: Kind, context: Context, id?: string) {
  const { options, rows, writes } = account;
  if (id !== undefined && !rows.get(kind)?.has(Number(id))) {
    return context.json({ success: false, error: 'not found' }, 404);
  }
  const { participants, ...given } = (await context.req.json()) as Record<string, unknown>;
  const unknown = Object.keys(given['custom_fields'] ?? {}).find(
    (field) => kind === 'person' && !fieldsOf(options).includes(field),
  );
  if (unknown !== undefined) {
    return context.json({ success: false, error: `Field '${unknown}' does not exist` }, 400);
  }
  const [first] = (participants ?? []) as { person_id: number }[];
  const values = { ...given, ...(first && { person_id: first.person_id }), ...(id && { id }) };
  const row = put(account, kind, values, HUB_USER);
  const verb = `${kind}.${id === undefined ? 'create' : 'update'}`;
  writes.push({ verb, target: String(row.id), at: options.now().toISOString(), detail: given });
  return context.json({ success: true, data: row }, id === undefined ? 201 : 200);
}

function page({ rows }: Account, kind: Kind, query: Record<string, string>) {
  const { person_id, updated_since = '', limit = '100', cursor = '0' } = query;
  const all = [...(rows.get(kind)?.values() ?? [])]
    .filter((row) => person_id === undefined || String(row['person_id']) === person_id)
    .filter((row) => String(row['update_time']) >= updated_since)
    .sort((one, other) => (String(one['update_time']) < String(other['update_time']) ? -1 : 0));
  const end = Number(cursor) + Number(limit);
  const next_cursor = end < all.length ? String(end) : null;
  return { success: true, data: all.slice(Number(cursor), end), additional_data: { next_cursor } };
}

const fieldsOf = ({ personFields = [], faults }: PipedriveFakeOptions) =>
  personFields.slice(faults?.strikes('drift') ? 1 : 0);

function accountRoutes(app: Hono, { options }: Account): void {
  const { users, labels = [], target } = options;
  const answer = (data: unknown) => Response.json({ success: true, data });
  const all = () => users.map((email, index) => ({ id: index + 2, email, active_flag: true }));
  app.get('/api/v1/users/me', () => answer({ id: HUB_USER, company_name: 'Acme' }));
  app.get('/api/v1/users/find', (context) =>
    answer(all().filter(({ email }) => email === context.req.query('term'))),
  );
  app.get('/api/v1/users/:id', (context) =>
    answer(all().find(({ id }) => id === Number(context.req.param('id'))) ?? null),
  );
  app.get('/api/v2/personFields', () =>
    answer([
      ...fieldsOf(options).map((field_code) => ({ field_code, field_type: 'varchar' })),
      { field_code: 'label_ids', field_type: 'set', options: labels.map((id) => ({ id })) },
    ]),
  );
  app.get('/api/v2/dealFields', () => answer([{ field_code: 'mark', field_type: 'varchar' }]));
  app.get('/api/v1/webhooks', () => {
    const event = { subscription_url: target, event_action: '*', event_object: '*' };
    const missing = target === undefined || options.faults?.strikes('webhooks');
    return answer(missing ? [] : [{ ...event, version: '2.0', is_active: 1 }]);
  });
}

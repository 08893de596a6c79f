import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { HubspotRefusal, notFound } from './fake-errors.ts';
import { shown } from './fake-objects.ts';
import { bodyOf, type FakePortal } from './fake-routes.ts';
import { type FakeRecord, KINDS } from './fake-store.ts';

const Filter = z.strictObject({
  propertyName: z.string(),
  operator: z.enum(['EQ', 'NEQ', 'GT', 'GTE', 'LT', 'LTE', 'HAS_PROPERTY', 'NOT_HAS_PROPERTY']),
  value: z.string().optional(),
});
type Filter = z.infer<typeof Filter>;

/** All five members are required, and a sort is the name of a property. */
const Search = z.strictObject({
  filterGroups: z.array(z.strictObject({ filters: z.array(Filter).max(6) })).max(5),
  sorts: z.array(z.string()).max(1),
  properties: z.array(z.string()),
  limit: z.number().int().min(1).max(200),
  after: z.string().regex(/^\d+$/),
});

/** One search shows its first rows only, whatever it finds. */
const MOST_SHOWN = 10_000;

/** Search over every kind of record, by filters on instants, numbers and texts. */
export function searchRoutes({ store }: FakePortal): Hono {
  const comparable = comparing();
  return new Hono().post('/:kind/search', async (context: Context) => {
    const kind = z.enum(KINDS).safeParse(context.req.param('kind')).data;
    if (kind === undefined) throw notFound();
    const { filterGroups, sorts, properties, limit, after } = await bodyOf(context, Search);
    const start = Number(after);
    if (start + limit > MOST_SHOWN) {
      throw new HubspotRefusal(400, 'VALIDATION_ERROR', 'The paging offset is beyond 10,000.');
    }
    const groups = filterGroups.map(({ filters }) => filters.map((one) => test(one, comparable)));
    const all = [...store.records[kind].values()].filter(
      (record) => groups.length === 0 || groups.some((tests) => tests.every((one) => one(record))),
    );
    const by = sorts[0]?.replace(/^-/, '') ?? 'hs_object_id';
    const sign = sorts[0]?.startsWith('-') ? -1 : 1;
    all.sort((a, b) => sign * compare(comparable(a.properties[by]), comparable(b.properties[by])));
    const end = start + limit;
    return context.json({
      total: all.length,
      results: all.slice(start, end).map((record) => shown(record, properties)),
      ...(end < all.length ? { paging: { next: { after: String(end) } } } : {}),
    });
  });
}

type Comparable = (value: string | undefined) => number | string;

function test({ propertyName, operator, value = '' }: Filter, comparable: Comparable) {
  const wanted = comparable(value);
  return ({ properties }: FakeRecord): boolean => {
    const has = properties[propertyName];
    if (operator === 'HAS_PROPERTY') return Boolean(has);
    if (operator === 'NOT_HAS_PROPERTY') return !has;
    const order = compare(comparable(has), wanted);
    switch (operator) {
      case 'EQ':
        return order === 0;
      case 'NEQ':
        return order !== 0;
      case 'GT':
        return order > 0;
      case 'GTE':
        return order >= 0;
      case 'LT':
        return order < 0;
      case 'LTE':
        return order <= 0;
      default:
        return operator satisfies never;
    }
  };
}

/** Instants are compared as milliseconds, ids as numbers, everything else as text; each read once. */
function comparing(): Comparable {
  const known = new Map<string, number | string>();
  return (value) => {
    if (value === undefined || value === '') return '';
    const before = known.get(value);
    if (before !== undefined) return before;
    const read = readable(value);
    known.set(value, read);
    return read;
  };
}

function readable(value: string): number | string {
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return Date.parse(value);
  return /^\d+$/.test(value) ? Number(value) : value.toLowerCase();
}

function compare(left: number | string, right: number | string): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return String(left).localeCompare(String(right));
}

import { Hono } from 'hono';
import * as z from 'zod';
import { notFound } from './fake-errors.ts';
import { bodyOf, type FakePortal } from './fake-routes.ts';
import { KINDS } from './fake-store.ts';

interface FakeStage {
  readonly id: string;
  readonly label: string;
  readonly probability: string;
  readonly isClosed: boolean;
}

/** The stages of HubSpot's own sales pipeline, shortened. */
const DEAL_STAGES: readonly FakeStage[] = [
  {
    id: 'appointmentscheduled',
    label: 'Appointment scheduled',
    probability: '0.2',
    isClosed: false,
  },
  { id: 'qualifiedtobuy', label: 'Qualified to buy', probability: '0.4', isClosed: false },
  {
    id: 'presentationscheduled',
    label: 'Presentation scheduled',
    probability: '0.6',
    isClosed: false,
  },
  { id: 'contractsent', label: 'Contract sent', probability: '0.9', isClosed: false },
  { id: 'closedwon', label: 'Closed won', probability: '1.0', isClosed: true },
  { id: 'closedlost', label: 'Closed lost', probability: '0.0', isClosed: true },
];

export function ownerRoutes({ store }: FakePortal): Hono {
  return new Hono().get('/', (context) => {
    const { email, after = '0', limit = '100' } = context.req.query();
    const all = store.owners.filter((owner) => email === undefined || owner.email === email);
    const start = Number(after);
    const end = start + Number(limit);
    const next = end < all.length ? { paging: { next: { after: String(end) } } } : {};
    return context.json({ results: all.slice(start, end), ...next });
  });
}

export function listRoutes(portal: FakePortal): Hono {
  const { store } = portal;
  const routes = new Hono().get('/records/0-1/:id/memberships', (context) => {
    const on = [...store.lists].filter(([, { members }]) => members.has(context.req.param('id')));
    const results = on.map(([listId]) => ({ listId, listVersion: 1 }));
    return context.json({ results, total: results.length });
  });
  return routes.put('/:id/memberships/:verb{add|remove}', async (context) => {
    const { id, verb } = context.req.param();
    const list = store.lists.get(id);
    if (list === undefined) throw notFound();
    const ids = await bodyOf(context, z.array(z.string()));
    const known = ids.filter((one) => store.records.contacts.has(one));
    const adding = verb === 'add';
    const moved = known.filter((one) => list.members.has(one) !== adding);
    for (const one of moved) {
      if (adding) list.members.add(one);
      else list.members.delete(one);
      portal.record({
        verb: `list.${verb}`,
        target: id,
        detail: { contact: one, list: list.name },
      });
    }
    return context.json({
      recordsIdsAdded: adding ? moved : [],
      recordsIdsRemoved: adding ? [] : moved,
      recordIdsMissing: ids.filter((one) => !known.includes(one)),
    });
  });
}

export function pipelineRoutes(): Hono {
  const routes = new Hono().get('/tickets', (context) =>
    context.json({
      results: [
        {
          id: '0',
          label: 'Support pipeline',
          stages: [
            { id: '1', label: 'New', metadata: { ticketState: 'OPEN' } },
            { id: '4', label: 'Closed', metadata: { ticketState: 'CLOSED' } },
          ],
        },
      ],
    }),
  );
  return routes.get('/deals', (context) =>
    context.json({
      results: [
        {
          id: 'default',
          label: 'Sales pipeline',
          stages: DEAL_STAGES.map(({ id, label, probability, isClosed }) => ({
            id,
            label,
            metadata: { probability, isClosed: String(isClosed) },
          })),
        },
      ],
    }),
  );
}

export function associationRoutes({ store }: FakePortal): Hono {
  const kinds = `{${KINDS.join('|')}}`;
  return new Hono().post(`/:from${kinds}/:to${kinds}/batch/read`, async (context) => {
    const { from, to } = z
      .object({ from: Kind, to: Kind })
      .parse({ from: context.req.param('from'), to: context.req.param('to') });
    const schema = z.strictObject({
      inputs: z.array(z.strictObject({ id: z.string() })).max(1000),
    });
    const { inputs } = await bodyOf(context, schema);
    const results = inputs
      .map(({ id }) => ({
        from: { id },
        to: store.associated(from, id, to).map((other) => ({
          toObjectId: Number(other),
          associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId: 0, label: null }],
        })),
      }))
      .filter(({ to: found }) => found.length > 0);
    return context.json({ status: 'COMPLETE', results });
  });
}

const Kind = z.enum(KINDS);

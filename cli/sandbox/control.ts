import { Hono } from 'hono';
import * as z from 'zod';
import { inventBuyers } from '#cli/week/buyers.ts';
import { arrive } from '#cli/week/marketing.ts';
import { seededRandom } from '#platform/embedded/seeded-random.ts';
import type { Deliveries } from './deliveries.ts';
import { FaultOrder } from './faults.ts';
import type { Vendors } from './vendors.ts';

const Hub = z.strictObject({ url: z.url() });
const Arrival = z.strictObject({
  count: z.number().int().min(1).max(5000),
  seed: z.string().default('1'),
});
const Clear = z.strictObject({ connection: z.string().optional() });
const Click = z.strictObject({
  channel: z.string(),
  ts: z.string(),
  user: z.string(),
  action: z.enum(['accept', 'snooze', 'pause', 'reject', 'veto']),
  /** The reason, or the pause. */
  reason: z.string().optional(),
  /** For a form that asks when to talk again. */
  date: z.iso.date().optional(),
});

/** What the sandbox's own process takes orders by: where the hub is, who comes, who presses what. */
export function controlApp(vendors: Vendors, deliveries: Deliveries, stop: () => void): Hono {
  const app = new Hono();
  app.get('/wiring', (context) => context.json(vendors.wiring));
  app.post('/hub', async (context) => {
    deliveries.sendTo(Hub.parse(await context.req.json()).url);
    return context.json({});
  });
  app.get('/writes', (context) => context.json(vendors.writes()));
  app.get('/deliveries', (context) => context.json(deliveries.count()));
  app.post('/leads', async (context) => {
    const { count, seed } = Arrival.parse(await context.req.json());
    const buyers = inventBuyers(seededRandom(seed), count, new Date());
    for (const buyer of buyers) arrive(vendors, buyer);
    return context.json({
      leads: buyers.map(({ facts, source }) => ({ email: facts.email, source })),
    });
  });
  app.get('/slack', (context) => context.json(vendors.slack.messages));
  app.post('/slack/click', async (context) => {
    const { channel, ts, user, action, reason, date } = Click.parse(await context.req.json());
    return context.json({
      clicked: vendors.slack.clickButton(
        channel,
        ts,
        user,
        action,
        reason,
        date === undefined ? {} : { date },
      ),
    });
  });
  app.get('/mails', (context) => context.json(vendors.mailbox.mails));
  app.get('/faults', (context) => context.json(vendors.faults.list()));
  app.post('/faults', async (context) => {
    const known = vendors.faults.add(FaultOrder.parse(await context.req.json()));
    return known ? context.json(vendors.faults.list()) : context.json({}, 422);
  });
  app.post('/faults/clear', async (context) => {
    vendors.faults.clear(Clear.parse(await context.req.json()).connection);
    return context.json(vendors.faults.list());
  });
  app.post('/stop', (context) => {
    stop();
    return context.json({});
  });
  return app;
}

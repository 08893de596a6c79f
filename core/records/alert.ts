import * as z from 'zod';
import { RungAction } from '#core/clocks/running.ts';
import { Instant } from '#core/events.ts';
import type { Item } from '#core/ports/records.ts';

/** Somebody is to hear of a rung, by chat or by mail. */
export const Alert = z.strictObject({
  /** Under what its effect is known in the ledger. */
  key: z.string(),
  by: z.enum(['chat', 'mail']),
  to: z.string(),
  rung: RungAction,
  personId: z.string(),
  handoff: z.string(),
  /** The clock's id within the hand-off. */
  clock: z.string(),
  title: z.string(),
  lines: z.array(z.string()),
  /** The invitation for which whoever hears of it may give a veto, with a button. */
  veto: z.string().optional(),
  at: Instant,
  /** `waiting` for quiet hours to end, for others to be told with it, or for another try. */
  status: z.enum(['sent', 'waiting', 'failed', 'needless']),
  /** When it is to be sent, or was. */
  dueAt: Instant,
  /** Tries that failed. */
  tries: z.number().int(),
  /** The message that tells of it together with others. */
  digest: z.string().optional(),
  error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
});
export type Alert = z.infer<typeof Alert>;

/** All alerts that wait, or that could not be sent, by the index. */
export const alertsThat = (status: 'waiting' | 'failed') => `ALERTS#${status}`;

/** The alerts that one place got, by the index and by when. */
export const alertsSentTo = ({ by, to }: Pick<Alert, 'by' | 'to'>) => `ALERTED#${by}#${to}`;

export const alertKey = ({ key }: Pick<Alert, 'key'>) => ({ pk: `ALERT#${key}`, sk: 'ALERT' });

/** Reports look back as far as this. */
const KEPT_SECONDS = 90 * 86_400;

export function alertItem(alert: Alert, version: number): Item {
  return {
    ...alertKey(alert),
    type: 'alert',
    version,
    data: alert,
    ...listed(alert),
    expiresAt: Math.floor(Date.parse(alert.at) / 1000) + KEPT_SECONDS,
  };
}

function listed(alert: Alert): Pick<Item, 'gsi1pk' | 'gsi1sk'> {
  const { status, dueAt, key } = alert;
  if (status === 'needless') return {};
  const gsi1pk = status === 'sent' ? alertsSentTo(alert) : alertsThat(status);
  return { gsi1pk, gsi1sk: `${dueAt}#${key}` };
}

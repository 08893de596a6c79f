import * as z from 'zod';
import { isHubError } from '#core/errors.ts';
import { Instant } from '#core/events.ts';
import { ALERT_CHANNEL } from '#core/handoff/alert.ts';
import type { Hub } from '#core/ports/hub.ts';
import { ReviewBy } from './parties.ts';
import { weeksOverdue } from './review.ts';
import { partitionOf, readInForce, Subject } from './signed-texts.ts';

/** A reminder that a review is overdue: one a week. */
export const ReviewNag = z.strictObject({ subject: Subject, reviewBy: ReviewBy, at: Instant });
export type ReviewNag = z.infer<typeof ReviewNag>;

/** What people read of an overdue review. */
export const nagText = ({ subject, reviewBy }: Pick<ReviewNag, 'subject' | 'reviewBy'>): string =>
  `The review of the ${subject} was due on ${reviewBy}: go through it together, set a new date and sign it`;

/**
 * Reminds of every review that is overdue, once a week: a record, and a message to the alert
 * channel. Whatever asks often may ask; a chat that is down does not hold the caller up.
 */
export async function nagOfReviews(
  hub: Pick<Hub, 'records' | 'operations' | 'now'>,
): Promise<void> {
  for (const subject of Subject.options) {
    const current = await readInForce(hub.records, subject);
    if (current === undefined) continue;
    const { reviewBy } = current;
    const week = weeksOverdue(reviewBy, hub.now());
    if (week === undefined) continue;
    const nag: ReviewNag = { subject, reviewBy, at: hub.now().toISOString() };
    const key = { pk: partitionOf(subject), sk: `NAG#${reviewBy}#${week}` };
    if (await isFirst(hub, key, nag)) await post(hub, nag, week);
  }
}

async function isFirst(
  { records }: Pick<Hub, 'records'>,
  key: { pk: string; sk: string },
  nag: ReviewNag,
): Promise<boolean> {
  if ((await records.get(key)) !== undefined) return false;
  try {
    await records.write([
      { put: { ...key, type: 'review-nag', version: 1, data: nag }, if: 'absent' },
    ]);
    return true;
  } catch (error) {
    if (isHubError(error, 'conflict')) return false;
    throw error;
  }
}

async function post(
  { operations }: Pick<Hub, 'operations'>,
  nag: ReviewNag,
  week: number,
): Promise<void> {
  const [connection] = operations.inRole('chat');
  if (connection === undefined) return;
  const lines = [`'baton ${nag.subject} status' says who has signed.`];
  try {
    await operations.call({
      connection,
      operation: 'message.post',
      key: `review/${nag.subject}/${nag.reviewBy}/${week}`,
      recovering: false,
      urgency: 'usual',
      input: { to: ALERT_CHANNEL, title: nagText(nag), lines, actions: [], reasons: [] },
    });
  } catch (error) {
    // The record stands, and next week it is said again.
    if (!isHubError(error)) throw error;
  }
}

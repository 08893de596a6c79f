import { perform, performMail } from '#core/effects/perform.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Handoff } from '#core/records/handoff.ts';
import { unlessRefused } from './deliver.ts';
import { escaped } from './message.ts';
import { QUEUE_PREFIX } from './owner.ts';

/**
 * Tells the owner of a hand-off why it is not theirs any more, once for each `key`: by chat where
 * there is one, else by mail, for a task that is gone tells nobody why. A queue is nobody to tell.
 */
export async function tellOwner(
  hub: Hub,
  { owner, personId }: Pick<Handoff, 'owner' | 'personId'>,
  news: { readonly key: string; readonly title: string; readonly why: string },
): Promise<void> {
  if (owner.startsWith(QUEUE_PREFIX)) return;
  const { key, title, why } = news;
  const connection = hub.operations.inRole('chat')[0];
  const effect = { key, personId, urgency: 'clock' as const };
  await unlessRefused(async () => {
    if (connection === undefined) {
      const mail = { to: owner, subject: title, text: why, html: `<p>${escaped(why)}</p>` };
      return performMail(hub, { ...effect, title: `mail to ${owner}: ${title}`, mail });
    }
    await perform(hub, {
      ...effect,
      connection,
      verb: 'message.post',
      title: `message to ${owner}: ${title}`,
      input: { to: owner, title, lines: [why], actions: [], reasons: [] },
    });
  });
}

import { ALERT_CHANNEL } from '#core/handoff/alert.ts';
import { shortHash } from '#core/hash.ts';
import type { Hub } from '#core/ports/hub.ts';
import { recordTrouble, type Trouble } from './episodes.ts';

/**
 * Keeps a connection's trouble, and tells the alert channel of it once: when an outage begins and
 * when it is over, and once a day of a quota that runs low. Where there is no chat, or the chat
 * itself is the trouble, the record remains; a hub's console shows it.
 */
export async function tellOps(
  hub: Pick<Hub, 'records' | 'operations' | 'now'>,
  trouble: Trouble,
): Promise<void> {
  const fresh = await recordTrouble(hub.records, trouble, hub.now());
  if (!fresh) return;
  const chat = hub.operations.inRole('chat').find((name) => name !== trouble.connection);
  if (chat === undefined) return;
  const { title, lines } = wordingOf(trouble);
  await hub.operations.call({
    connection: chat,
    operation: 'message.post',
    // By the occasion, not by its words: two outages may be over after as many minutes.
    key: `trouble/${shortHash(JSON.stringify(trouble))}`,
    recovering: false,
    urgency: 'usual',
    input: { to: ALERT_CHANNEL, title, lines, actions: [], reasons: [] },
  });
}

const moment = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** What people read of it. */
function wordingOf(trouble: Trouble): { title: string; lines: string[] } {
  const name = `${trouble.title} (connection '${trouble.connection}')`;
  if (trouble.kind === 'quota') {
    const { usedShare, goneAt, resetsAt } = trouble;
    const outlook =
      goneAt === undefined
        ? `It is whole again at ${moment(resetsAt)}.`
        : `At this pace it is gone at ${moment(goneAt)}; it is whole again at ${moment(resetsAt)}.`;
    return {
      title: `${name}: ${Math.round(usedShare * 100)} % of the day's calls are used`,
      lines: [outlook, 'Clocks go first; what can wait is parked until then.'],
    };
  }
  const { step, since, until } = trouble;
  if (step === 'closed') {
    const minutes = Math.max(1, Math.round((until - since) / 60_000));
    return { title: `${name} is back after ${minutes} min`, lines: ['What waited goes on.'] };
  }
  return {
    title: `${name} is down since ${moment(since)}`,
    lines: [
      'Calls to it wait, and clocks of people who need it do not run.',
      `It is tried again at ${moment(until)}, and then at growing distances.`,
    ],
  };
}

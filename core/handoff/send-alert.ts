import { perform, performMail } from '#core/effects/perform.ts';
import { HubError } from '#core/errors.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Alert } from '#core/records/alert.ts';
import { escaped } from './message.ts';
import { QUEUE_PREFIX } from './owner.ts';

/** What is sent, and under which key it is known. */
export type Message = Pick<Alert, 'key' | 'by' | 'to' | 'personId' | 'title' | 'lines' | 'veto'>;

/** Whether there is a way to whoever is to hear: no mail goes to a channel or to a queue. */
export function reachable(
  hub: Pick<Hub, 'operations'>,
  { by, to }: Pick<Alert, 'by' | 'to'>,
): boolean {
  return by === 'chat' ? hub.operations.inRole('chat').length > 0 : to.includes('@');
}

/** Sends an alert, once in effect. `what` is how the timeline calls it. */
export async function sendAlert(hub: Hub, message: Message, what: string): Promise<void> {
  const { key, personId, title, lines, veto } = message;
  const effect = { key, personId, urgency: 'clock' as const };
  const to = message.to.startsWith(QUEUE_PREFIX)
    ? message.to.slice(QUEUE_PREFIX.length)
    : message.to;
  if (message.by === 'mail') {
    await performMail(hub, {
      ...effect,
      title: `${what} by mail to ${to}`,
      mail: {
        to,
        subject: title,
        text: [title, ...lines].join('\n'),
        html: [title, ...lines].map((line) => `<p>${escaped(line)}</p>`).join('\n'),
      },
    });
    return;
  }
  const connection = hub.operations.inRole('chat')[0];
  if (connection === undefined) {
    throw new HubError('config', 'chat_missing', 'No connection plays the role "chat" any more.');
  }
  await perform(hub, {
    ...effect,
    connection,
    verb: 'message.post',
    title: `${what} to ${to}`,
    input: {
      ...{ to, title, lines, reasons: [] },
      ...(veto === undefined ? { actions: [] } : { actions: ['veto'], handoffId: veto }),
    },
  });
}

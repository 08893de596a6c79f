import { isHubError } from '#core/errors.ts';
import { ALERT_CHANNEL } from '#core/handoff/alert.ts';
import { shortHash } from '#core/hash.ts';
import type { Hub } from '#core/ports/hub.ts';
import { readAll } from '#core/records/store.ts';
import { AMBIGUITIES, Ambiguity } from './ambiguity.ts';

/**
 * Tells the alert channel of people whose account somebody has to name: once when they come into
 * the queue, and once when the time for it is over. Whatever asks often may ask; a chat that is down
 * does not hold the caller up, and is told the next time.
 */
export async function tellOfAmbiguous(
  hub: Pick<Hub, 'records' | 'operations' | 'now'>,
): Promise<void> {
  const [connection] = hub.operations.inRole('chat');
  if (connection === undefined) return;
  const waiting = await readAll(hub.records, Ambiguity, { index: 'gsi1', pk: AMBIGUITIES });
  for (const one of waiting) {
    const isLate = one.nextAction.at <= hub.now().toISOString();
    const key = { pk: `PERSON#${one.personId}`, sk: `AMBIGUOUS_TOLD#${one.at}#${isLate}` };
    if ((await hub.records.get(key)) !== undefined) continue;
    if (!(await post(hub, connection, one, isLate))) return;
    const data = { at: hub.now().toISOString() };
    await hub.records.write([{ put: { ...key, type: 'ambiguity-told', version: 1, data } }]);
  }
}

async function post(
  { operations }: Pick<Hub, 'operations'>,
  connection: string,
  { personId, at, candidates, nextAction }: Ambiguity,
  isLate: boolean,
): Promise<boolean> {
  const until = `${nextAction.at.slice(0, 16).replace('T', ' ')} UTC`;
  const title = isLate
    ? `Still nobody has said which account ${personId} belongs to`
    : `Which account does ${personId} belong to? Please say so until ${until}`;
  const lines = candidates.map(
    ({ name, score, evidence }) => `${name} (${score}): ${evidence.join(', ')}`,
  );
  try {
    await operations.call({
      connection,
      operation: 'message.post',
      key: `ambiguous/${shortHash(personId, at, String(isLate))}`,
      recovering: false,
      urgency: 'usual',
      input: { to: ALERT_CHANNEL, title, lines, actions: [], reasons: [] },
    });
    return true;
  } catch (error) {
    if (!isHubError(error)) throw error;
    return false;
  }
}

import { isHubError } from '#core/errors.ts';
import { ALERT_CHANNEL } from '#core/handoff/alert.ts';
import { shortHash } from '#core/hash.ts';
import type { Hub } from '#core/ports/hub.ts';
import { read, readAll } from '#core/records/store.ts';
import { AMBIGUITIES, Ambiguity, ambiguityItem, ambiguityKey } from './ambiguity.ts';

type Telling = Pick<Hub, 'records' | 'operations' | 'now'>;

/** A chat that is down is tried again so much later. */
const AGAIN_MS = 15 * 60_000;

/**
 * Tells the alert channel of people whose account somebody has to name: once when they come into
 * the queue, and once when the time for it is over. It reads only what is to be told by now, so it
 * may be asked often.
 */
export async function tellOfAmbiguous(hub: Telling): Promise<void> {
  const [connection] = hub.operations.inRole('chat');
  if (connection === undefined) return;
  const due = await readAll(hub.records, Ambiguity, {
    ...{ index: 'gsi1', pk: AMBIGUITIES },
    between: ['', `${hub.now().toISOString()}~`],
  });
  for (const { personId } of due) await tellOf(hub, connection, personId);
}

/** An index lags: what it lists is read once more. */
async function tellOf(hub: Telling, connection: string, personId: string): Promise<void> {
  const stored = await read(hub.records, Ambiguity, ambiguityKey(personId));
  if (stored === undefined) return;
  const { data: one, version } = stored;
  const now = hub.now();
  const { tellAt = one.nextAction.at } = one;
  if (tellAt === null || tellAt > now.toISOString()) return;
  const isLate = one.nextAction.at <= now.toISOString();
  const isTold = await post(hub, connection, one, isLate);
  const next = isLate ? null : one.nextAction.at;
  const again = new Date(now.getTime() + AGAIN_MS).toISOString();
  const item = ambiguityItem({ ...one, tellAt: isTold ? next : again }, version + 1);
  await hub.records.write([{ put: item, if: { version } }]).catch((error: unknown) => {
    // Whoever changed it meanwhile said when it is to be told.
    if (!isHubError(error, 'conflict')) throw error;
  });
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
  const lines = [
    ...candidates.map(
      ({ accountId, name, score, evidence }) =>
        `${name} (${score}): ${evidence.join(', ')} [${accountId}]`,
    ),
    `baton match pick ${personId} <account>`,
  ];
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

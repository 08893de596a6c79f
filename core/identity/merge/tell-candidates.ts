import { isHubError } from '#core/errors.ts';
import { ALERT_CHANNEL } from '#core/handoff/alert.ts';
import { shortHash } from '#core/hash.ts';
import type { Hub } from '#core/ports/hub.ts';
import { read, readAll, unlessOvertaken } from '#core/records/store.ts';
import { survivorOf } from './follow.ts';
import { candidateItem, candidateKey, MERGE_CANDIDATES, MergeCandidate } from './merge-record.ts';

type Telling = Pick<Hub, 'records' | 'operations' | 'now'>;

/** A chat that is down is tried again so much later. */
const AGAIN_MS = 15 * 60_000;

/**
 * Tells the alert channel of people who may be one: once when the question comes up, and once when
 * the time for an answer is over. It reads only what is to be told by now, so it may be asked often.
 */
export async function tellOfCandidates(hub: Telling): Promise<void> {
  const [connection] = hub.operations.inRole('chat');
  if (connection === undefined) return;
  const due = await readAll(hub.records, MergeCandidate, {
    ...{ index: 'gsi1', pk: MERGE_CANDIDATES },
    between: ['', `${hub.now().toISOString()}~`],
  });
  for (const { people } of due) await tellOf(hub, connection, people);
}

/** An index lags: what it lists is read once more. */
async function tellOf(
  hub: Telling,
  connection: string,
  [one, other]: MergeCandidate['people'],
): Promise<void> {
  const stored = await read(hub.records, MergeCandidate, candidateKey(one, other));
  if (stored === undefined) return;
  const { data: candidate, version } = stored;
  const [ours, theirs] = await Promise.all([
    survivorOf(hub.records, one),
    survivorOf(hub.records, other),
  ]);
  // Each may have been merged with others, and so with the other.
  if (ours === theirs) return hub.records.write([{ remove: candidateKey(one, other) }]);
  const now = hub.now();
  const { tellAt, nextAction } = candidate;
  if (tellAt === null || tellAt > now.toISOString()) return;
  const isLate = nextAction.at <= now.toISOString();
  const isTold = await post(hub, connection, candidate, isLate);
  const next = isLate ? null : nextAction.at;
  const again = new Date(now.getTime() + AGAIN_MS).toISOString();
  const item = candidateItem({ ...candidate, tellAt: isTold ? next : again }, version + 1);
  // Whoever answered meanwhile has taken the question away.
  await unlessOvertaken(() => hub.records.write([{ put: item, if: { version } }]));
}

/** By ids alone: the channel is read by more people than may see a lead's address. */
async function post(
  { operations }: Pick<Hub, 'operations'>,
  connection: string,
  { people: [one, other], because, at, nextAction }: MergeCandidate,
  isLate: boolean,
): Promise<boolean> {
  const until = `${nextAction.at.slice(0, 16).replace('T', ' ')} UTC`;
  const title = isLate
    ? `Still nobody has said whether ${one} and ${other} are one person`
    : `Are ${one} and ${other} one person? Please say so until ${until}`;
  const lines = [
    because,
    `baton merge people ${one} ${other} --dry-run`,
    `baton merge apart ${one} ${other}`,
  ];
  try {
    await operations.call({
      connection,
      operation: 'message.post',
      key: `merge-candidate/${shortHash(one, other, at, String(isLate))}`,
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

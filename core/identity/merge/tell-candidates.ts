import { dueIn, type Telling, tellQuestion } from '#core/identity/tell-question.ts';
import { read, readAll } from '#core/records/store.ts';
import { survivorOf } from './follow.ts';
import { candidateItem, candidateKey, MERGE_CANDIDATES, MergeCandidate } from './merge-record.ts';

/**
 * Tells the alert channel of people who may be one. It reads only what is to be told by now, so it
 * may be asked often.
 */
export async function tellOfCandidates(hub: Telling): Promise<void> {
  if (hub.operations.inRole('chat').length === 0) return;
  const due = await readAll(hub.records, MergeCandidate, dueIn(MERGE_CANDIDATES, hub.now()));
  for (const { people } of due) await tellOf(hub, people);
}

/** An index lags: what it lists is read once more. */
async function tellOf(hub: Telling, [one, other]: MergeCandidate['people']): Promise<void> {
  const stored = await read(hub.records, MergeCandidate, candidateKey(one, other));
  if (stored === undefined) return;
  const [ours, theirs] = await Promise.all([
    survivorOf(hub.records, one),
    survivorOf(hub.records, other),
  ]);
  // Each may have been merged with others, and so with the other.
  if (ours === theirs) return hub.records.write([{ remove: candidateKey(one, other) }]);
  // By ids alone: the channel is read by more people than may see a lead's address.
  const words = {
    about: ['merge', one, other],
    asked: (until: string) => `Are ${one} and ${other} one person? Please say so until ${until}`,
    unanswered: `Still nobody has said whether ${one} and ${other} are one person`,
    lines: [
      stored.data.because,
      `baton merge people ${one} ${other} --dry-run`,
      `baton merge apart ${one} ${other}`,
    ],
  };
  await tellQuestion(hub, stored, words, candidateItem);
}

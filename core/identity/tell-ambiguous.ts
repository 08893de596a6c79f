import { read, readAll } from '#core/records/store.ts';
import { AMBIGUITIES, Ambiguity, ambiguityItem, ambiguityKey } from './ambiguity.ts';
import { dueIn, type Telling, tellQuestion } from './tell-question.ts';

/**
 * Tells the alert channel of people whose account somebody has to name. It reads only what is to be
 * told by now, so it may be asked often.
 */
export async function tellOfAmbiguous(hub: Telling): Promise<void> {
  if (hub.operations.inRole('chat').length === 0) return;
  const due = await readAll(hub.records, Ambiguity, dueIn(AMBIGUITIES, hub.now()));
  for (const { personId } of due) await tellOf(hub, personId);
}

/** An index lags: what it lists is read once more. */
async function tellOf(hub: Telling, personId: string): Promise<void> {
  const stored = await read(hub.records, Ambiguity, ambiguityKey(personId));
  if (stored === undefined) return;
  const candidates = stored.data.candidates.map(
    ({ accountId, name, score, evidence }) =>
      `${name} (${score}): ${evidence.join(', ')} [${accountId}]`,
  );
  const words = {
    about: ['account', personId],
    asked: (until: string) =>
      `Which account does ${personId} belong to? Please say so until ${until}`,
    unanswered: `Still nobody has said which account ${personId} belongs to`,
    lines: [...candidates, `baton match pick ${personId} <account>`],
  };
  await tellQuestion(hub, stored, words, ambiguityItem);
}

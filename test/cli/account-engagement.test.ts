import { accountEngagement } from '#cli/lead/account-engagement.ts';
import { identify } from '#core/intake/identify.ts';
import { colleagueWrites } from '#core/nurture/colleagues.ts';
import { Person, personKey } from '#core/records/person.ts';
import { readExisting } from '#core/records/store.ts';
import { matchAccount } from '#core/steps/match-account.ts';
import { type HubOfRecords, openHubOfRecords } from '#test/support/hand-off-world.ts';
import { ADA, minute, pageView } from '#test/support/lead-events.ts';

const BEA = ADA.replace(/^[^@]+/, 'bea');

/** Somebody looks at a page, and is listed with the account of their domain. */
async function visits({ tell, hub }: HubOfRecords, email: string) {
  const visit = pageView(minute(0), { email });
  await tell(visit);
  const { personId: person = '' } = await identify(hub.records, { email });
  const run = { run: `run-of-${person}`, workflow: 'inbound-lead', person, event: visit.id };
  const decided = { handoff: null, score: null, route: null, reason: null };
  await matchAccount(hub, { ...run, ...decided, step: 'match', entered: minute(0) });
  const { data } = await readExisting(hub.records, Person, personKey(person));
  await hub.records.write(colleagueWrites(data));
}

test('what colleagues did counts together, and fades as one', async () => {
  using world = await openHubOfRecords();
  const { records, playbook, now } = world.hub;
  const model = playbook.scoring['default'];
  if (model === undefined) throw new Error('The shipped playbook has no default model.');
  const together = async () => {
    const { personId = '' } = await identify(records, { email: ADA });
    const { data } = await readExisting(records, Person, personKey(personId));
    return accountEngagement(records, model, data, now());
  };
  await visits(world, ADA);
  const alone = await together();
  expect(alone).toMatchObject({ people: 1 });
  await visits(world, BEA);
  expect(await together()).toEqual({ people: 2, points: 2 * (alone?.points ?? 0) });
  // Pages halve within a fortnight.
  await world.at(14 * 24 * 60);
  expect((await together())?.points).toBeCloseTo(alone?.points ?? 0, 2);
});

import { nagOfReviews } from '#core/agreement/nag.ts';
import { signAsEverybody } from '#core/agreement/sign-all.ts';
import { signAsAsked } from '#core/agreement/sign-request.ts';
import { readInForce } from '#core/agreement/signed-texts.ts';
import { identify } from '#core/intake/identify.ts';
import type { Playbook } from '#core/playbook.ts';
import type { Hub } from '#core/ports/hub.ts';
import { LOG_PREFIX, LogEntry } from '#core/records/log-entry.ts';
import { readAll } from '#core/records/store.ts';
import { agree } from '#core/steps/agree.ts';
import { handBack } from '#core/steps/hand-back.ts';
import { handOff } from '#core/steps/hand-off.ts';
import { matchAccount } from '#core/steps/match-account.ts';
import { rate } from '#core/steps/score.ts';
import type { StepRun } from '#core/steps/step-run.ts';
import { ANNA, openHubOfRecords, titlesOf } from '../../support/hand-off-world.ts';
import { ADA, demoRequest, minute } from '../../support/lead-events.ts';

const HELEN = 'helen.marsh@northwind.example';
const MIRIAM = 'miriam.vogt@northwind.example';
const INES = 'ines.duarte@northwind.example';

/** Ada, rated, on her way to the agreement. */
async function openLead(score: StepRun['score'] = { rating: 'hot', lane: 'hot' }) {
  const world = await openHubOfRecords();
  await world.tell(demoRequest(minute(0)));
  const { personId = '' } = await identify(world.hub.records, { email: ADA });
  const step: StepRun = {
    run: world.started[0]?.name ?? '',
    step: 'agree',
    workflow: 'inbound-lead',
    person: personId,
    event: demoRequest(minute(0)).id,
    entered: minute(0),
    handoff: null,
    score,
    route: null,
    reason: null,
  };
  return { ...world, step, personId, [Symbol.dispose]: () => world.store.dispose() };
}

/** The shipped playbook whose agreement asks hot leads for more than Ada has. */
function demanding({ agreement, ...rest }: Playbook): Playbook {
  if (agreement === undefined) throw new Error('The shipped playbook has no agreement.');
  const clauses = agreement.clauses.map((clause) =>
    clause.id === 'company'
      ? {
          ...clause,
          when: { field: 'company' as const, is: 'Nowhere Ltd' },
          examples: [{ name: 'another', person: { company: 'Acme' }, holds: false }],
        }
      : clause,
  );
  return { ...rest, agreement: { ...agreement, clauses } };
}

const detailsOf = async ({ records }: Pick<Hub, 'records'>, personId: string, title: RegExp) =>
  (await readAll(records, LogEntry, { pk: `PERSON#${personId}`, prefix: LOG_PREFIX })).find(
    (entry) => title.test(entry.title),
  )?.detail;

test('a hub in which nobody has signed lets the lead pass, and says so', async () => {
  using lead = await openLead();
  expect(await agree(lead.hub, lead.step)).toEqual({ version: null, clauses: [] });
  expect(await titlesOf(lead.store, lead.personId)).toContain(
    'no agreement in force: hand-offs go by rating alone',
  );
});

test('the hand-off records which clauses of which version passed the lead', async () => {
  using lead = await openLead();
  const { hub, step } = lead;
  await signAsEverybody(hub, hub.playbook);
  const current = await readInForce(hub.records, 'agreement');
  const agreement = await agree(hub, step);
  expect(agreement).toEqual({
    version: current?.hash,
    clauses: ['rating', 'company', 'reachable'],
  });
  const route = { owner: ANNA, queue: null, rule: 'dach', policy: 'inbound' };
  const { id } = await handOff(hub, { ...step, step: 'assign', route, agreement }, {});
  const stored = (await hub.records.query({ pk: `PERSON#${lead.personId}`, prefix: 'HANDOFF#' }))
    .items[0]?.data;
  expect(stored).toMatchObject({ id, agreement });
});

test('a lead that fails a clause goes to nurture as not ready, and the timeline names the clause', async () => {
  using lead = await openLead();
  const { hub, step } = lead;
  await signAsEverybody(hub, demanding(hub.playbook));
  const judging = () => agree(hub, step);
  await expect(judging()).rejects.toMatchObject({ name: 'Agree.NotReady' });
  await expect(judging()).rejects.toThrow('The lead fails company.');
  expect(await handBack(hub, { ...step, step: 'nurture' }, {})).toMatchObject({
    reason: 'not_ready',
  });
  const titles = await titlesOf(lead.store, lead.personId);
  expect(titles.filter((title) => title === 'not sales-ready: fails company')).toHaveLength(1);
  expect(await detailsOf(hub, lead.personId, /^not sales-ready/)).toMatchObject({
    passed: ['rating', 'reachable'],
    failed: [{ clause: 'company', text: expect.stringContaining('company') }],
  });
});

test('a hand-raiser is asked for no clause of another lane', async () => {
  using lead = await openLead({ rating: 'warm', lane: 'hand-raiser' });
  await signAsEverybody(lead.hub, demanding(lead.hub.playbook));
  expect(await agree(lead.hub, lead.step)).toMatchObject({ clauses: [] });
});

test('what a run was told of the agreement stands, whatever is signed later', async () => {
  using lead = await openLead();
  const { hub, step } = lead;
  expect(await agree(hub, step)).toMatchObject({ version: null });
  await signAsEverybody(hub, demanding(hub.playbook));
  expect(await agree(hub, step)).toMatchObject({ version: null });
});

test('signatures are kept, the last one brings the text into force, and a repeat writes nothing', async () => {
  using lead = await openLead();
  const { hub, store } = lead;
  const document = hub.playbook.agreement;
  const sign = (party: string, by: string) =>
    signAsAsked(hub, { subject: 'agreement', document, party, by });
  const rows = () =>
    store.db.sql.prepare("select * from items where pk = 'SIGNED#agreement' order by sk").all();

  expect(await sign('marketing', HELEN)).toMatchObject({
    missing: ['sales', 'service'],
    inForce: null,
  });
  await sign('sales', MIRIAM);
  const { hash, missing, inForce } = await sign('service', INES);
  expect({ missing, inForce }).toEqual({ missing: [], inForce: hash });
  const before = rows();
  expect(before).toHaveLength(2);
  await sign('sales', MIRIAM);
  expect(rows()).toEqual(before);
});

test.each([
  ['no text', { document: undefined }, /can't be read/],
  ['a text that is none', { document: { clauses: [] } }, /can't be read: parties/],
  ['a party that is none', { party: 'finance' }, /can't be read: party/],
])('%s can not be signed', async (_name, change, expected) => {
  using lead = await openLead();
  const { hub } = lead;
  const asked = {
    subject: 'agreement',
    document: hub.playbook.agreement,
    party: 'sales',
    by: MIRIAM,
  };
  await expect(signAsAsked(hub, { ...asked, ...change })).rejects.toThrow(expected);
});

test('an overdue review is told to the alert channel once a week', async () => {
  using lead = await openLead();
  const { hub, operations } = lead;
  const agreement = hub.playbook.agreement;
  const day = (days: number) => minute(days * 24 * 60).slice(0, 10);
  const due = agreement && { ...agreement, reviewBy: day(3) };
  await signAsEverybody(hub, { agreement: due });
  const at = (days: number) => ({ ...hub, now: () => new Date(minute(days * 24 * 60)) });
  for (const days of [0, 3, 4, 5, 10, 11, 12]) await nagOfReviews(at(days));
  const told = operations.calls.filter(({ key }) => key.startsWith('review/'));
  expect(told.map(({ input }) => input)).toEqual(
    Array(2).fill(
      expect.objectContaining({
        to: '#lead-alerts',
        title: expect.stringMatching(`^The review of the agreement was due on ${day(3)}`),
      }),
    ),
  );
});

test('whether an account is a target is what both sides signed, and scoring sees it', async () => {
  using lead = await openLead();
  const { hub, step } = lead;
  const { accountId } = await matchAccount(hub, { ...step, step: 'match' });
  expect(accountId).not.toBeNull();
  const domain = ADA.slice(ADA.indexOf('@') + 1);
  const { targets, scoring } = hub.playbook;
  const [first] = targets?.accounts ?? [];
  if (targets === undefined || first === undefined) throw new Error('There are no targets.');
  const listed = { ...targets, accounts: [...targets.accounts, { domain, tier: 'named' }] };
  const [rule] = scoring['default']?.fit ?? [];
  const model = {
    ...scoring['default'],
    fit: [{ ...rule, id: 'target', when: { field: 'targetTier', is: 'named' } }],
  };
  const playbook = { ...hub.playbook, scoring: { default: model } } as Playbook;
  const isTarget = async () =>
    (await rate({ ...hub, playbook }, lead.personId, 'default')).points.some(
      (point) => point.rule === 'target',
    );
  const sign = (party: string, by: string) =>
    signAsAsked(hub, { subject: 'targets', document: listed, party, by });

  expect(await isTarget()).toBe(false);
  await sign('marketing', HELEN);
  expect(await isTarget()).toBe(false);
  await sign('sales', MIRIAM);
  expect(await isTarget()).toBe(true);
});

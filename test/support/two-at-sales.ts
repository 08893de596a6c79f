import { Handoff, handoffId, handoffKey } from '#core/records/handoff.ts';
import { Person, personKey } from '#core/records/person.ts';
import { readExisting } from '#core/records/store.ts';
import { openClock } from '#core/steps/clock.ts';
import { handOff } from '#core/steps/hand-off.ts';
import type { StepRun } from '#core/steps/step-run.ts';
import { awaitSignal } from '#workflows/await-signal.ts';
import { JONAS, openHandOff } from './hand-off-world.ts';
import { ADA, demoRequest, minute } from './lead-events.ts';
import { contact, merging, told } from './merge-world.ts';

export const BYRON = 'byron@analytical-engines.com';

/** Ada is with Anna; a Byron is known beside her, whom HubSpot calls 2. */
export async function openTwo() {
  const world = await openHandOff();
  await world.tell(told(minute(1), '1', { phone: '1' }, { email: ADA }));
  return { ...world, ...merging(world), [Symbol.dispose]: () => world.store.dispose() };
}
export type TwoAtSales = Awaited<ReturnType<typeof openTwo>>;

export const byron = demoRequest(minute(12), {
  connection: 'hubspot',
  subject: { email: BYRON, external: [contact('2')] },
  person: { email: BYRON, firstName: 'Byron', company: 'Analytical Engines' },
});

/** Byron is rated: the second run that was started is his. */
export async function rating(world: TwoAtSales): Promise<StepRun> {
  world.at(12);
  await world.tell(byron);
  const run = world.started.at(-1);
  const { person } = (run?.input ?? { person: '' }) as { person: string };
  return {
    ...world.step,
    ...{ run: run?.name ?? '', person, event: byron.id, handoff: null },
    route: { owner: JONAS, queue: null, rule: 'dach', policy: 'inbound' },
  };
}

/** Byron is with Jonas, whose time to accept runs. */
export async function withSales(world: TwoAtSales) {
  const step = await rating(world);
  const handoff = await handOff(world.hub, step, {});
  const assigned: StepRun = { ...step, handoff };
  await openClock(world.hub, { ...assigned, awaits: 'handoff.accepted' }, { clock: 'accept' });
  const call = { ...assigned, use: 'wait', with: {}, score: null, awaits: 'handoff.accepted' };
  await awaitSignal(world.hub, { ...call, token: 'byron' });
  return assigned;
}

export const handoffOf = async ({ hub }: TwoAtSales, personId: string, cycle = 1) =>
  (await readExisting(hub.records, Handoff, handoffKey(handoffId(personId, cycle)))).data;

export const personOf = async ({ hub }: TwoAtSales, personId: string) =>
  (await readExisting(hub.records, Person, personKey(personId))).data;

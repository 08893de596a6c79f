import type { CanonicalEvent } from '#core/events.ts';
import { applyEvent } from '#core/intake/apply-event.ts';
import { identify } from '#core/intake/identify.ts';
import type { Published } from '#core/ports/bus.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { MailMessage } from '#core/ports/mail.ts';
import type { OperationCall } from '#core/ports/operations.ts';
import type { Awaited as Signal } from '#core/records/handoff.ts';
import { Handoff, handoffId, handoffKey } from '#core/records/handoff.ts';
import { LOG_PREFIX, LogEntry } from '#core/records/log-entry.ts';
import { Person, personKey } from '#core/records/person.ts';
import { readAll, readExisting } from '#core/records/store.ts';
import { climb, openClock } from '#core/steps/clock.ts';
import { handOff } from '#core/steps/hand-off.ts';
import type { StepRun } from '#core/steps/step-run.ts';
import { awaitSignal } from '#workflows/await-signal.ts';
import { dispatch } from '#workflows/dispatch.ts';
import { type EmbeddedStore, openStore } from './embedded-store.ts';
import { ADA, demoRequest, event, minute } from './lead-events.ts';
import { shippedPlaybook } from './shipped-playbook.ts';

export const ANNA = 'anna.keller@northwind.example';
export const JONAS = 'jonas.brandt@northwind.example';
export const MIRIAM = 'miriam.vogt@northwind.example';

/** How a run's wait was ended. */
export type Ended = { readonly token: string } & (
  | { readonly output: unknown }
  | { readonly error: string; readonly cause: string }
);

/** Vendors that take everything, and the same thing once; every call is kept. */
function obligingVendors(): Hub['operations'] & { readonly calls: OperationCall[] } {
  const calls: OperationCall[] = [];
  const answers: Record<string, (key: string) => object> = {
    'person.upsert': () => ({ record: { kind: 'lead', id: 'lead-1' }, created: true }),
    'person.assign': () => ({ ownerId: 'owner-1' }),
    'task.create': (key) => ({ task: { kind: 'task', id: key } }),
    'message.post': (key) => ({ channel: 'D1', message: key }),
    'list.add': () => ({ added: true }),
    'list.remove': () => ({ removed: true }),
  };
  return {
    calls,
    inRole: (role) =>
      ({ crm: ['crm'], chat: ['slack'], map: ['marketo'], enrichment: [], analytics: [] })[role],
    ofVendor: () => [],
    fieldsOf: () => [],
    async call(call) {
      calls.push(call);
      return answers[call.operation]?.(call.key) ?? {};
    },
  };
}

/** A hub of records and use cases alone, whose runs only note how their waits ended. */
export async function openHubOfRecords(change: (hub: Hub) => Hub = (hub) => hub) {
  const store = openStore();
  const news: Published[] = [];
  const ended: Ended[] = [];
  const started: { name: string; input: unknown }[] = [];
  const mails: MailMessage[] = [];
  const operations = obligingVendors();
  let order = 0;
  const hub = change({
    records: store.records,
    bus: { publish: async (all) => void news.push(...all) },
    runs: {
      start: async ({ name, input }) => void started.push({ name, input }),
      succeed: async (token, output) => ended.push({ token, output }) > 0,
      fail: async (token, error, cause) => ended.push({ token, error, cause }) > 0,
    },
    operations,
    mail: { send: async (mail) => void mails.push(mail) },
    secrets: { credentials: async () => ({}), signingKey: async () => 'key' },
    playbook: await shippedPlaybook(),
    publicUrl: 'https://hub.example',
    now: store.now,
    order: () => ++order,
  });
  const hear = async () => {
    for (let one = news.shift(); one !== undefined; one = news.shift()) await dispatch(hub, one);
  };
  return {
    hub,
    store,
    ended,
    started,
    mails,
    operations,
    /** Takes events in, and does what news of them lead to. */
    async tell(...events: readonly CanonicalEvent[]) {
      for (const event of events) {
        await applyEvent(hub, event);
        await hear();
      }
    },
    /** Does what the news on the bus lead to. */
    hear,
    /** News that the bus brings once more. */
    repeat: (event: CanonicalEvent, personId: string, only?: Published['only']) =>
      dispatch(hub, { event, personId, only }),
    at: (minutes: number) => store.clock.until(Date.parse(minute(minutes))),
    [Symbol.dispose]: store.dispose,
  };
}

export type HubOfRecords = Awaited<ReturnType<typeof openHubOfRecords>>;

/**
 * Ada with Anna, who has fifteen minutes to accept and was told so in every way there is; `before`
 * comes while Ada is rated.
 */
export async function openHandOff(
  change?: (hub: Hub) => Hub,
  before: readonly CanonicalEvent[] = [],
) {
  const world = await openHubOfRecords(change);
  const { hub } = world;
  await world.tell(demoRequest(minute(0)), ...before);
  const { personId = '' } = await identify(hub.records, { email: ADA });
  const [run] = world.started;
  const step: StepRun = {
    run: run?.name ?? '',
    step: 'assign',
    workflow: 'inbound-lead',
    person: personId,
    event: demoRequest(minute(0)).id,
    entered: minute(0),
    handoff: null,
    score: { rating: 'hot', lane: 'hand-raiser' },
    route: { owner: ANNA, queue: null, rule: 'dach', policy: 'inbound' },
    reason: null,
  };
  const handoff = await handOff(hub, step, {});
  const assigned: StepRun = { ...step, handoff };
  let waits = 0;
  return {
    ...world,
    personId,
    step: assigned,
    /** Opens the clock of a wait, as the run does on its way to it. */
    openClock: (clock: string, awaits: Signal) =>
      openClock(hub, { ...assigned, step: clock, awaits }, { clock }),
    /** Lets the run wait for a signal; answers the token. */
    async wait(awaits: Signal) {
      waits += 1;
      const token = `token-${waits}`;
      await awaitSignal(hub, {
        ...assigned,
        use: 'wait',
        with: {},
        score: null,
        awaits,
        token,
      });
      return token;
    },
    handoff: () => handoffOf(world, personId, 1),
    person: async () => (await readExisting(hub.records, Person, personKey(personId))).data,
    titles: () => titlesOf(world.store, personId),
    invitation: `${handoff.id}.${handoff.round}`,
    [Symbol.dispose]: () => world.store.dispose(),
  };
}

/** The same once Anna has taken Ada, and has thirty business minutes for the first touch. */
export async function openFirstTouch() {
  const world = await openHandOff();
  await world.tell(
    event<'handoff.accepted'>({
      type: 'handoff.accepted',
      at: minute(0),
      subject: { email: ADA },
      by: { email: ANNA },
      via: 'slack',
    }),
  );
  await world.openClock('first-touch', 'handoff.worked');
  return {
    ...world,
    clock: async () => (await world.handoff()).clocks[0],
    climbAt: async (minutes: number) => {
      await world.at(minutes);
      const step = { ...world.step, step: 'work', awaits: 'handoff.worked' as const };
      return climb(world.hub, step, { clock: 'first-touch' });
    },
  };
}

async function handoffOf(
  { hub }: Pick<HubOfRecords, 'hub'>,
  personId: string,
  cycle: number,
): Promise<Handoff> {
  return (await readExisting(hub.records, Handoff, handoffKey(handoffId(personId, cycle)))).data;
}

/** What the timeline of a person says. */
export async function titlesOf(
  { records }: Pick<EmbeddedStore, 'records'>,
  personId: string,
): Promise<string[]> {
  const entries = await readAll(records, LogEntry, {
    pk: `PERSON#${personId}`,
    prefix: LOG_PREFIX,
  });
  return entries.sort((left, right) => left.order - right.order).map(({ title }) => title);
}

import type * as z from 'zod';
import { performOperation } from '#core/effects/perform.ts';
import { HubError } from '#core/errors.ts';
import { forCrm, recordIn } from '#core/handoff/deliver.ts';
import type { Hub } from '#core/ports/hub.ts';
import { invitationOf } from '#core/records/handoff.ts';
import { logItem } from '#core/records/log-entry.ts';
import { readLiving } from '#core/records/person.ts';
import { agree } from '#core/steps/agree.ts';
import { brief } from '#core/steps/brief.ts';
import { type ClockStep, climb, openClock } from '#core/steps/clock.ts';
import { enrich } from '#core/steps/enrich.ts';
import { decline, handBack } from '#core/steps/hand-back.ts';
import { handOff } from '#core/steps/hand-off.ts';
import { matchAccount } from '#core/steps/match-account.ts';
import { reassign } from '#core/steps/reassign.ts';
import { route } from '#core/steps/route.ts';
import { score } from '#core/steps/score.ts';
import { StepCall } from './steps/call.ts';
import { type StepName, steps } from './steps/index.ts';
import { laterThan, orLater } from './steps/later.ts';
import type { FILLED_IN } from './steps/operation.ts';

type Fields<Name extends StepName> = z.infer<(typeof steps)[Name]['fields']>;

/** What carries each kind of step out: one line a kind, decided in core. */
const USE_CASES: {
  [Name in StepName]: (hub: Hub, call: StepCall, fields: Fields<Name>) => Promise<unknown>;
} = {
  enrich: (hub, call, { within, ...rest }) =>
    enrich(hub, call, { withinMs: durationMs(within), ...rest }),
  'match-account': matchAccount,
  score,
  agree,
  route,
  brief,
  'hand-off': handOff,
  reassign,
  'hand-back': handBack,
  decline,
  'open-clock': (hub, call, fields) => openClock(hub, clockStep(call), fields),
  climb: (hub, call, fields) => climb(hub, clockStep(call), fields),
  operation: callOperation,
};

/** Carries out one step of a run: the call is parsed, its use case done, its answer checked. */
export async function runStep(hub: Hub, input: unknown): Promise<unknown> {
  const call = StepCall.parse(input);
  const name = nameOf(call.use);
  const fields = steps[name].fields.parse(call.with);
  const useCase = USE_CASES[name] as (
    hub: Hub,
    call: StepCall,
    fields: unknown,
  ) => Promise<unknown>;
  try {
    return steps[name].output.parse(await useCase(hub, call, fields));
  } catch (error) {
    throw await waitingFor(hub, call, error);
  }
}

/** What a step throws; where it is to be done hours later, the timeline of the lead says so. */
async function waitingFor(hub: Hub, call: StepCall, error: unknown): Promise<unknown> {
  const thrown = orLater(error, call.entered, hub.now());
  const until = laterThan(thrown, hub.now())?.toISOString();
  if (until === undefined) return thrown;
  const { code, message } = error as HubError;
  await hub.records.write([
    {
      put: logItem(hub, call.person, `${call.run}/${call.step}/later/${until}`, {
        at: hub.now().toISOString(),
        kind: 'decision',
        title: `step ${call.step} waits until ${until}`,
        detail: { run: call.run, step: call.step, until, error: { code, message } },
      }),
    },
  ]);
  return thrown;
}

function nameOf(use: string): StepName {
  if (use.includes('.')) return 'operation';
  if (Object.hasOwn(steps, use)) return use as StepName;
  throw new HubError('config', 'step_unknown', `There is no step kind '${use}'.`);
}

function clockStep(call: StepCall): ClockStep {
  const { awaits } = call;
  if (awaits === undefined)
    throw new HubError(
      'defect',
      'awaits_missing',
      `Step '${call.step}' runs a clock without saying what it waits for.`,
    );
  return { ...call, awaits };
}

/** A vendor's own operation as a step: through the ledger like any other write. */
async function callOperation(hub: Hub, call: StepCall, authored: object): Promise<unknown> {
  const [vendor = '', ...rest] = call.use.split('.');
  const operation = rest.join('.');
  const connection = call.connection ?? hub.operations.ofVendor(vendor)[0] ?? vendor;
  const known = await knownOfRun(hub, call, connection);
  const wanted = hub.operations.fieldsOf(connection, operation);
  const filledIn = Object.entries(known).filter(
    ([field, value]) => wanted.includes(field) && value !== undefined,
  );
  return performOperation(hub, {
    key: `${call.run}/${call.step}/${call.entered}`,
    personId: call.person,
    connection,
    title: `${call.use} in step ${call.step}`,
    operation,
    input: { ...Object.fromEntries(filledIn), ...authored },
  });
}

/** What a playbook may leave out, because the run knows it: a playbook holds no personal data. */
async function knownOfRun(
  hub: Hub,
  call: StepCall,
  connection: string,
): Promise<Record<(typeof FILLED_IN)[number], unknown>> {
  const { data: person } = await readLiving(hub.records, call.person);
  return {
    record: recordIn(person, connection),
    email: person.facts.email,
    facts: forCrm(person),
    owner: call.handoff?.owner ?? call.route?.owner ?? undefined,
    handoffId: call.handoff === null ? undefined : invitationOf(call.handoff),
  };
}

function durationMs(iso: string): number {
  const [, hours = '0', minutes = '0', seconds = '0'] =
    /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(iso) ?? [];
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (total > 0) return total * 1000;
  throw new HubError(
    'config',
    'duration_unreadable',
    `'${iso}' is no time budget: write PT3S for three seconds.`,
  );
}

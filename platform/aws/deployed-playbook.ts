import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import type { Playbook } from '#core/playbook.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Key, Records } from '#core/ports/records.ts';
import { handoffId, handoffKey } from '#core/records/handoff.ts';
import { ownerPartition, Person } from '#core/records/person.ts';
import { read, readAll } from '#core/records/store.ts';
import { RunLock, runLockKey } from '#core/runs/start-run.ts';
import { moveClocksOf } from '#core/versions/move-clocks.ts';
import { openPlaybooks } from '#core/versions/playbooks.ts';
import { bringIntoForce, textsOf } from '#core/versions/versions.ts';
import { executionName } from './step-functions-runs.ts';

/** What becomes of what is under way when another playbook is deployed, as the stage says. */
export const DeploymentRules = z.object({
  RUNNING_RUNS: z.enum(['pin', 'migrate']).default('pin'),
  RUNNING_CLOCKS: z.enum(['keep', 'rebase', 'earlier']).default('keep'),
  /** Which Baton was deployed: the playbook as another one read it need not suit this one. */
  BATON: z.string().default('unknown'),
});
export type DeploymentRules = z.infer<typeof DeploymentRules>;

type Texts = Readonly<Record<string, string>>;

const fileOf = ({ BATON }: DeploymentRules) => `read-by-baton-${BATON}.json`;

function playbookIn(texts: Texts | undefined, rules: DeploymentRules): Playbook | undefined {
  const text = texts?.[fileOf(rules)];
  return text === undefined ? undefined : (JSON.parse(text) as Playbook);
}

/**
 * Notes that the playbook of this deployment is in force, keeps it for the runs that begin by it,
 * and moves running clocks as the stage says; answers how many. Called again, it goes on where it
 * was cut off, and then does nothing.
 */
export async function bringInDeployed(hub: Hub, rules: DeploymentRules): Promise<number> {
  const { inForce } = await bringIntoForce(hub, {
    version: hub.playbook.version,
    files: { [fileOf(rules)]: JSON.stringify(hub.playbook) },
    by: 'deployment',
    running: rules.RUNNING_RUNS,
    clocks: rules.RUNNING_CLOCKS,
  });
  return moveClocksOf(hub, async () => {
    const before = inForce.from && (await textsOf(hub.records, inForce.from));
    const playbooks = [hub.playbook, playbookIn(before || undefined, rules)];
    return peopleOf(playbooks).map((owner) => handoffsOf(hub.records, owner));
  });
}

const peopleOf = (playbooks: readonly (Playbook | undefined)[]): string[] => {
  const people = playbooks.flatMap((one) => one?.people.salespeople ?? []);
  return [...new Set(people.map(({ email }) => email))];
};

/** The hand-offs of a salesperson that may have a running clock. */
async function* handoffsOf(records: Records, owner: string): AsyncIterable<Key> {
  const pk = ownerPartition({ kind: 'salesperson', id: owner });
  const people = await readAll(records, Person, { index: 'gsi1', pk });
  for (const { id, cycle } of people) yield handoffKey(handoffId(id, cycle));
}

const Asked = z.object({ run: z.string(), person: z.string(), workflow: z.string() });

/**
 * Answers the hub by whose rules a step is done. A run that is pinned keeps the rules it began by;
 * people and calendars are always those of now. Where nobody kept those rules, or another Baton
 * did, it goes on by the ones in force.
 */
export function rulesOfRuns(hub: Hub, rules: DeploymentRules): (call: unknown) => Promise<Hub> {
  const playbooks = openPlaybooks(hub.playbook, hub.records, async (texts) => {
    const playbook = playbookIn(texts, rules);
    if (playbook !== undefined) return playbook;
    throw new HubError('config', 'playbook_of_other_baton', 'Another Baton read this playbook.');
  });
  return async (call) => {
    const asked = Asked.safeParse(call);
    // Whoever carries the step out says what is wrong with the call.
    if (rules.RUNNING_RUNS === 'migrate' || !asked.success) return hub;
    const { run, person, workflow } = asked.data;
    const lock = (await read(hub.records, RunLock, runLockKey(person, workflow)))?.data;
    const isIts = lock !== undefined && executionName(lock.run) === run;
    const playbook = await playbooks.of(isIts ? lock.playbook : undefined);
    return playbook === hub.playbook ? hub : { ...hub, playbook };
  };
}

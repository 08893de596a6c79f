import { Command } from 'commander';
import { type Answer, answering } from '#cli/answer.ts';
import { openPlaybook, type PlaybookOptions } from '#cli/playbook.ts';
import { leadsOfFile, leadsOfStore } from '#cli/route/past-leads.ts';
import { renderSimulation } from '#cli/route/render-simulation.ts';
import { fromStore, type StoreOptions } from '#cli/store/open-store.ts';
import { HubError } from '#core/errors.ts';
import type { PastLead } from '#core/routing/past-lead.ts';
import { shuffled, simulate } from '#core/routing/simulate.ts';
import { reportOf } from '#core/routing/simulation-report.ts';
import { seededRandom } from '#platform/embedded/seeded-random.ts';

/** `baton route`: what a routing policy does. */
export function routeCommand(): Command {
  return new Command('route')
    .summary('try a routing policy on past leads')
    .description(
      'Says who would have got past leads under a routing policy, by which rule, and how evenly, before anybody has to live with it.',
    )
    .addCommand(simulateCommand())
    .addHelpText(
      'after',
      '\nExample:\n  $ baton route simulate --playbook my-playbook --policy inbound\n',
    );
}

interface SimulateOptions extends PlaybookOptions, StoreOptions {
  readonly policy?: string;
  readonly leads?: string;
  readonly seed?: string;
}

function simulateCommand(): Command {
  return new Command('simulate')
    .summary('say who would have got past leads under a policy, and how evenly')
    .description(
      'Routes past leads by a policy, as of when they came: from a file, or those that the hub handed to sales. Nothing is changed. Facts are as they are known today.',
    )
    .option('--policy <id>', 'the routing policy (default: the only one)')
    .option('--leads <file>', 'a JSON list of leads instead of the store')
    .option('--seed <text>', 'let the leads come in another order, to tell fairness from luck')
    .option('--data <folder>', "the hub's folder", '.baton')
    .option('--config <file>', 'the configuration (default: baton.json)')
    .option('--playbook <folder>', 'the playbook (default: of baton.json, else the shipped one)')
    .addHelpText('after', '\nExample:\n  $ baton route simulate --policy inbound --seed 7\n')
    .action(answering(simulatePolicy));
}

async function simulatePolicy(options: SimulateOptions): Promise<Answer> {
  const playbook = await openPlaybook(options);
  const id = policyIn(Object.keys(playbook.routing), options.policy);
  const policy = playbook.routing[id];
  if (policy === undefined) throw unknownPolicy(id, Object.keys(playbook.routing));
  const answer = (leads: readonly PastLead[]): Answer => {
    const { seed } = options;
    const ordered = seed === undefined ? leads : shuffled(leads, seededRandom(seed));
    const simulated = simulate(policy, playbook, ordered);
    const report = reportOf(simulated, policy, playbook.people);
    return {
      json: { policy: id, playbook: playbook.version, ...report },
      text: (paint) => renderSimulation(report, id, paint),
    };
  };
  if (options.leads !== undefined) return answer(await leadsOfFile(options.leads));
  return fromStore(options, async (store) => answer(leadsOfStore(store)));
}

function policyIn(known: readonly string[], wanted: string | undefined): string {
  if (wanted !== undefined) return wanted;
  const [only, ...others] = known;
  if (only === undefined || others.length > 0) throw unknownPolicy(undefined, known);
  return only;
}

const unknownPolicy = (id: string | undefined, known: readonly string[]) =>
  new HubError(
    'config',
    'policy_unknown',
    `${id === undefined ? 'Say which policy' : `The playbook has no routing policy '${id}'; name one`} with --policy: ${known.join(', ')}.`,
  );

import { resolve } from 'node:path';
import { Command } from 'commander';
import { type Answer, answering } from '#cli/answer.ts';
import { readConfig } from '#cli/config.ts';
import { runningSandbox } from '#cli/sandbox/attach.ts';
import { memorySecrets } from '#cli/sandbox/memory-secrets.ts';
import { counted, type Paint, WIDTH, wrap } from '#cli/terminal.ts';
import { connectors } from '#connectors/index.ts';
import type { Connection } from '#connectors/kit/connection.ts';
import { openConnections } from '#connectors/kit/connections.ts';
import { type CheckResult, examine, findingOf, isFailing } from '#connectors/kit/doctor.ts';
import { HubError, isHubError } from '#core/errors.ts';
import type { Secrets } from '#core/ports/secrets.ts';
import { findDoor } from '#platform/embedded/admin.ts';
import { timeIn } from '#platform/embedded/clock-anchor.ts';
import { fileSecrets } from '#platform/embedded/file-secrets.ts';

interface DoctorOptions {
  readonly data: string;
  readonly config?: string;
  readonly connection?: string;
}

/** Who is examined, and with what. */
interface Patients {
  readonly connections: readonly Connection[];
  readonly secrets: Secrets;
  readonly publicUrl: string;
  /** The time by which the vendors live. */
  readonly now: () => Date;
}

/** What was found at one connection. */
export interface Examined {
  readonly connection: string;
  readonly vendor: string;
  readonly checks: readonly CheckResult[];
}

/** `baton doctor`: whether each connection works, asked of its vendor. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .summary('say of each connection whether it works')
    .description(
      "Asks each connection's vendor for real: credentials, scopes, limits, webhooks, mapping and clock, and says what to do. Nothing is written. With a sandbox running for the folder it is the sandbox that is examined.",
    )
    .option('--connection <name>', 'only this one')
    .option('--data <folder>', "the hub's folder", '.baton')
    .option('--config <file>', 'the configuration (default: baton.json)')
    .addHelpText('after', '\nExample:\n  $ baton doctor --connection hubspot\n')
    .action(answering(doctor));
}

async function doctor(options: DoctorOptions): Promise<Answer> {
  const patients = await patientsOf(options);
  const wanted = chosen(patients.connections, options.connection);
  const examined = await Promise.all(wanted.map((one) => examineOne(one, patients)));
  return {
    json: { connections: examined },
    text: (paint) => renderExamined(examined, paint),
    exitCode: examined.some(({ checks }) => checks.some(isFailing)) ? 1 : 0,
  };
}

async function patientsOf({ data, config: asked }: DoctorOptions): Promise<Patients> {
  const folder = resolve(data);
  const sandbox = asked === undefined ? await runningSandbox(folder) : undefined;
  const config = readConfig(asked);
  const publicUrl = config.publicUrl ?? doorUrl(folder) ?? `http://127.0.0.1:${config.port}`;
  if (sandbox !== undefined) {
    const { connections, credentials } = sandbox;
    return { connections, secrets: memorySecrets(credentials), publicUrl, now: timeIn(folder) };
  }
  const { connections } = config;
  if (connections.length === 0) {
    throw new HubError(
      'config',
      'connections_missing',
      "There are no connections to examine. Write them into baton.json (docs/connecting.md shows how), or start 'baton up --sandbox'.",
    );
  }
  const names = connections.map(({ name }) => name);
  const secrets = fileSecrets(folder, process.env, names);
  return { connections, secrets, publicUrl, now: () => new Date() };
}

/** Where the hub that runs is; none may run. */
function doorUrl(folder: string): string | undefined {
  try {
    return findDoor(folder).url;
  } catch (error) {
    if (isHubError(error, 'config')) return undefined;
    throw error;
  }
}

function chosen(connections: readonly Connection[], name: string | undefined) {
  if (name === undefined) return connections;
  const found = connections.filter((one) => one.name === name);
  if (found.length > 0) return found;
  const known = connections.map((one) => one.name).join(', ');
  throw new HubError(
    'config',
    'connection_unknown',
    `No connection is named '${name}'; there are: ${known}.`,
  );
}

/** Each connection is opened apart, so that one with wrong settings does not stop the others. */
async function examineOne(connection: Connection, patients: Patients): Promise<Examined> {
  const { name, vendor } = connection;
  const { secrets, now, publicUrl } = patients;
  const address = `${publicUrl}/in/${vendor}/${name}`;
  try {
    const open = openConnections({ connectors, connections: [connection], secrets, now }).open(
      name,
    );
    const checks = await examine(open, { address, now: () => new Date() });
    return { connection: name, vendor, checks };
  } catch (error) {
    const checks = [{ check: 'credentials' as const, ...findingOf(error) }];
    return { connection: name, vendor, checks };
  }
}

const STATES: Readonly<Record<CheckResult['state'], 'green' | 'yellow' | 'red' | 'dim'>> = {
  ok: 'green',
  warning: 'yellow',
  failure: 'red',
  unknown: 'dim',
};

/** A block for each connection, a row for each check, what to do below it. */
export function renderExamined(examined: readonly Examined[], paint: Paint): string {
  const blocks = examined.map(({ connection, vendor, checks }) =>
    [
      `${paint.bold(connection)} ${paint.dim(`(${vendor})`)}`,
      ...checks.map((one) => renderCheck(one, paint)),
      ...(checks.length === 0 ? [paint.dim('  It is never called: there is nothing to ask.')] : []),
    ].join('\n'),
  );
  return [...blocks, summary(examined, paint)].join('\n\n');
}

const FIRST_COLUMNS = 24;

function renderCheck({ check, state, says, advice }: CheckResult, paint: Paint): string {
  const indent = ' '.repeat(FIRST_COLUMNS);
  const first = `  ${paint[STATES[state]](state.padEnd(9))}${check.padEnd(13)}`;
  const told = first + wrap(says, WIDTH, indent).trimStart();
  return advice === undefined ? told : `${told}\n${paint.bold(wrap(advice, WIDTH, indent))}`;
}

function summary(examined: readonly Examined[], paint: Paint): string {
  const checks = examined.flatMap((one) => one.checks);
  const count = (state: CheckResult['state']) => checks.filter((one) => one.state === state).length;
  const failures = count('failure');
  const words = [
    failures === 0
      ? paint.green('Nothing fails')
      : paint.red(`${counted(failures, 'check')} failed`),
    `${counted(count('warning'), 'warning')}`,
    `${count('unknown')} that can't be seen from here`,
  ];
  return `${words.join(', ')}.`;
}

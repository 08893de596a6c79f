import { Command, InvalidArgumentError } from 'commander';
import { shown } from '#cli/config.ts';
import { moment } from '#cli/moment.ts';
import { type Paint, paintFor } from '#cli/terminal.ts';
import { type Announcement, renderAnnouncement } from '#cli/up/announce.ts';
import { sandboxSetting } from '#cli/up/sandbox-setting.ts';
import { type Running, settingOf, startHub, type UpOptions } from '#cli/up/up.ts';
import { connectors } from '#connectors/index.ts';

/** `baton up`: a hub that serves until it is stopped. */
export function upCommand(): Command {
  return new Command('up')
    .summary('run a hub on this machine')
    .description(
      'Serves a hub until it is stopped: Ctrl-C lets it finish what is under way, a second Ctrl-C ends it at once. What was promised goes on at the next start.',
    )
    .option('--sandbox', 'with make-believe vendors instead of those of baton.json')
    .option('--port <number>', 'the port on this machine (default: of baton.json, else 8080)', port)
    .option('--data <folder>', 'where the store and the secrets lie', '.baton')
    .option('--config <file>', 'the configuration (default: baton.json)')
    .option('--playbook <folder>', 'the playbook (default: of baton.json, else the shipped one)')
    .option('--watch', 'apply the playbook whenever its folder changes, to work on it')
    .option('--speed <factor>', 'let time pass so many times as fast, to try a playbook', speed)
    .addHelpText(
      'after',
      '\nExample:\n  $ baton up --sandbox\n  $ baton up --sandbox --speed 60 --data .fast\n  $ baton up --port 8080 --data /var/lib/baton\n',
    )
    .action(up);
}

function port(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new InvalidArgumentError('A port is a number up to 65535.');
}

function speed(text: string): number {
  const factor = Number(text);
  if (factor > 0 && Number.isFinite(factor)) return factor;
  throw new InvalidArgumentError('A speed is a number above 0: 60 makes a minute of a second.');
}

async function up(options: UpOptions & { readonly json?: true }): Promise<void> {
  const json = options.json === true;
  const paint = paintFor(process.stdout, json);
  const print = (line: object, text: string) =>
    process.stdout.write(`${json ? JSON.stringify(line) : text}\n`);
  const tell = (one: Announcement) => print(one, renderAnnouncement(one, paint));

  const stopped = stopSignal();
  const setting = options.sandbox === true ? sandboxSetting(options) : settingOf(options);
  const running = await startHub(options, setting, tell);
  print(asJson(running), renderRunning(running, paint));
  try {
    await Promise.race([stopped, running.working]);
    print({ what: 'stopping' }, paint.dim('stopping: what is under way is finished first …'));
  } finally {
    await running.stop();
  }
  print({ what: 'stopped' }, paint.dim('stopped'));
}

/** Resolves when the process is asked to stop; asked again, it ends at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (number: number) => () => {
      if (asked) process.exit(128 + number);
      asked = true;
      resolve();
    };
    process.on('SIGINT', ask(2));
    process.on('SIGTERM', ask(15));
  });
}

/** Where each vendor sends to; one that only answers sends nothing. */
const connectionsOf = ({ publicUrl, setting }: Running) =>
  setting.connections.map(({ name, vendor, roles }) => {
    const inbound = connectors[vendor]?.inbound;
    return {
      name,
      vendor,
      roles,
      inbound: [
        ...(inbound === undefined ? [] : [`${publicUrl}/in/${vendor}/${name}`]),
        ...(inbound?.tracking === true ? [`${publicUrl}/v1/batch`] : []),
      ],
    };
  });

function asJson(running: Running): object {
  const { url, publicUrl, folder, playbook, waiting, setting, clock, speed } = running;
  const { version } = playbook;
  const connections = connectionsOf(running);
  return {
    what: 'up',
    url,
    publicUrl,
    data: folder,
    playbook: version,
    ...(waiting === undefined ? {} : { waiting }),
    mail: setting.mailTo,
    connections,
    ...(speed === undefined ? {} : { now: clock.now().toISOString(), speed }),
  };
}

/** What somebody who just started a hub wants to know. */
function renderRunning(running: Running, paint: Paint): string {
  const { url, publicUrl, folder, playbook, waiting, setting, clock, speed } = running;
  const behind = publicUrl === url ? '' : `, reached at ${publicUrl}`;
  const row = (name: string, value: string) => `  ${paint.dim(name.padEnd(12))}${value}`;
  return [
    `${paint.bold(paint.green('Baton is up'))} at ${paint.bold(url)}${behind}`,
    row('playbook', playbook.version),
    ...(waiting === undefined
      ? []
      : [row('', paint.yellow(`the folder has ${waiting}: baton plan, then baton apply`))]),
    row('store', shown(folder)),
    ...(speed === undefined
      ? []
      : [row('time', `${moment(clock.now().toISOString())}, ${speed} times as fast`)]),
    row('mail', setting.mailTo),
    ...connectionsOf(running).flatMap(({ name, vendor, roles, inbound }) => [
      row('connection', `${paint.bold(name)} (${[vendor, ...roles].join(', ')})`),
      ...inbound.map((address) => row('', paint.dim(address))),
    ]),
    ...(setting.hint === undefined ? [] : [row('now try', paint.bold(setting.hint))]),
    paint.dim('Ctrl-C stops it.'),
    '',
  ].join('\n');
}

import { resolve } from 'node:path';
import { readConfig } from '#cli/config.ts';
import { readTexts } from '#cli/playbook.ts';
import { keepFirst, type PlaybookAtStart, playbookAtStart } from '#cli/versions/at-start.ts';
import { connectors } from '#connectors/index.ts';
import { HubError } from '#core/errors.ts';
import type { Playbook } from '#core/playbook.ts';
import type { Write } from '#core/ports/records.ts';
import { adminEndpoints, openDoor } from '#platform/embedded/admin.ts';
import type { HubClock } from '#platform/embedded/clock.ts';
import { clockIn } from '#platform/embedded/clock-anchor.ts';
import { type EmbeddedHub, openEmbeddedHub } from '#platform/embedded/hub.ts';
import type { Job } from '#platform/embedded/jobs.ts';
import { listen } from '#platform/embedded/listen.ts';
import { openPoller } from '#platform/embedded/poller.ts';
import { holderOf } from '#platform/embedded/reader.ts';
import { router } from '#platform/embedded/router.ts';
import { hubEndpoints } from '#platform/embedded/server.ts';
import { type Announcement, announce } from './announce.ts';
import { configuredSetting, requireCredentials, type Setting } from './setting.ts';
import { watchMapping } from './watch-mapping.ts';
import { watchPlaybook } from './watch-playbook.ts';
import { watchSignatures } from './watch-signatures.ts';

export interface UpOptions {
  readonly data: string;
  readonly port?: number | undefined;
  readonly config?: string | undefined;
  readonly playbook?: string | undefined;
  /** How many times as fast as the time of day; the time of day itself by default. */
  readonly speed?: number | undefined;
  readonly sandbox?: true | undefined;
  /** Whether the folder of the playbook is applied whenever it changes. */
  readonly watch?: true | undefined;
}

/** A hub that serves. */
export interface Running {
  readonly url: string;
  readonly publicUrl: string;
  readonly folder: string;
  readonly playbook: Playbook;
  /** The version in the folder, where it is not the one in force. */
  readonly waiting: string | undefined;
  readonly setting: Setting;
  readonly clock: HubClock;
  readonly speed: number | undefined;
  /** Ends only when the hub can't go on. */
  readonly working: Promise<void>;
  /** Takes nothing new, finishes what is under way. */
  stop(): Promise<void>;
}

/** Opens a hub, on the real clock unless it is to be a faster one, and serves it; whatever was opened is closed if a later part fails. */
export async function startHub(
  options: UpOptions,
  settingAt: (place: { folder: string; hubUrl: string }) => Promise<Setting>,
  tell: (one: Announcement) => void,
): Promise<Running> {
  const folder = resolve(options.data);
  refuseUsedFolder(folder);
  const clock = clockIn(folder, { factor: options.speed, vendorsToo: options.sandbox === true });
  const start = await playbookAtStart(options, folder);
  const config = readConfig(options.config);
  const front = await openFront(options.port ?? config.port);
  const opened: (() => Promise<void>)[] = [];
  const stop = async () => {
    // First of all nothing more may come in.
    await front.close();
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const setting = await settingAt({ folder, hubUrl: front.url });
    opened.push(() => setting.close());
    const publicUrl = config.publicUrl ?? front.url;
    const embedded = openHub({ folder, start, publicUrl, clock }, setting, tell);
    opened.push(() => embedded.close());
    await requireCredentials(embedded.connections, folder);
    await keepFirst(embedded, start);
    const door = openDoor(folder, front.url);
    opened.push(async () => door.close());
    front.lead(embedded, door.token);
    const madeUp = options.sandbox === true;
    opened.push(await watchSignatures(embedded, { clock, madeUp }, tell));
    const working = embedded.worker.run();
    opened.push(askVendors(embedded, clock, tell));
    opened.push(watchMapping(embedded, clock, tell));
    if (options.watch === true) opened.push(watchPlaybook(options, embedded, tell));
    const { speed } = options;
    const { playbook, waiting } = start;
    const place = { url: front.url, publicUrl, folder, playbook, waiting };
    return { ...place, setting, clock, speed, working, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Asks for what webhooks lost, from now on; answers how to stop. */
function askVendors(
  embedded: EmbeddedHub,
  clock: HubClock,
  tell: (one: Announcement) => void,
): () => Promise<void> {
  const poller = openPoller(embedded, {
    clock,
    onTrouble: ({ connection, stream }, error) => {
      const why = error instanceof Error ? error.message : String(error);
      const text = `asking ${connection} for its ${stream} failed and will be tried again: ${why}`;
      tell({ at: clock.now().toISOString(), what: 'trouble', text });
    },
  });
  void poller.run();
  return () => poller.stop();
}

/** The setting of baton.json, for hubs that are meant. */
export function settingOf(options: UpOptions) {
  return async ({ folder }: { folder: string }): Promise<Setting> => {
    const config = readConfig(options.config);
    if (config.connections.length > 0) return configuredSetting(config, folder);
    const where =
      config.file === undefined
        ? 'There is no baton.json here'
        : `${config.file} has no connections`;
    throw new HubError(
      'config',
      'connections_missing',
      `${where}, so nothing could come in. Write your connections into it (docs/connecting.md shows how), or try the hub with make-believe vendors: 'baton up --sandbox'.`,
    );
  };
}

function openHub(
  place: { folder: string; start: PlaybookAtStart; publicUrl: string; clock: HubClock },
  { connections, secrets, mail }: Setting,
  tell: (one: Announcement) => void,
): EmbeddedHub {
  const { start, ...rest } = place;
  const { clock } = place;
  const { playbook, running } = start;
  const onTrouble = (job: Job, error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    const text = `${job.kind} ${job.id} failed and will be tried again: ${why}`;
    tell({ at: clock.now().toISOString(), what: 'trouble', text });
  };
  const onWritten = (writes: readonly Write[]) => void announce(embedded.hub, writes, tell);
  const surroundings = { connectors, connections, secrets, mail, onTrouble, onWritten };
  const embedded = openEmbeddedHub({ ...rest, playbook, running, readTexts, ...surroundings });
  return embedded;
}

/** The door for the web, which opens before there is a hub behind it: vendors must know its address. */
async function openFront(port: number) {
  let behind: { embedded: EmbeddedHub; token: string } | undefined;
  const led = () => {
    if (behind !== undefined) return behind;
    throw new HubError('retry', 'hub_starting', 'The hub is starting; send it again.');
  };
  const endpoints = [
    ...hubEndpoints(() => led().embedded),
    ...adminEndpoints(
      () => led().embedded,
      () => led().token,
    ),
  ];
  const listening = await listen(router(endpoints), port);
  return {
    ...listening,
    lead: (embedded: EmbeddedHub, token: string) => {
      behind = { embedded, token };
    },
  };
}

/** Asked before anything is opened: the make-believe vendors of the hub that runs must not be touched. */
function refuseUsedFolder(folder: string): void {
  const holder = holderOf(folder);
  if (holder === undefined) return;
  throw new HubError(
    'config',
    'store_in_use',
    `Process ${holder} works on ${folder} already: stop it, or choose another folder with --data.`,
  );
}

import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import * as z from 'zod';
import { type Answer, answering } from '#cli/answer.ts';
import type { PlaybookOptions } from '#cli/playbook.ts';
import { askHub } from '#cli/store/ask-hub.ts';
import type { StoreOptions } from '#cli/store/open-store.ts';
import { inStoppedHub } from '#cli/store/stopped-hub.ts';
import { table } from '#cli/table.ts';
import { type Paint, wrap } from '#cli/terminal.ts';
import { reportOn, type StreamReport } from '#connectors/kit/reconcile-report.ts';
import { holderOf, openReader } from '#platform/embedded/reader.ts';
import { Asked, askNow, type Wanted } from '#platform/embedded/reconcile-now.ts';

interface ReconcileOptions extends StoreOptions, PlaybookOptions, Wanted {}

/** `baton reconcile`: what the vendors have and their webhooks did not bring. */
export function reconcileCommand(): Command {
  return new Command('reconcile')
    .summary('ask vendors for what their webhooks lost')
    .description(
      'Asks the vendors now for what changed, takes in what their webhooks lost, and tells how much that was: through the hub that runs, or else in the store itself.',
    )
    .option('--connection <name>', 'only this connection')
    .option('--stream <name>', 'only this stream, such as contacts or deals')
    .option('--from <instant>', 'read again from then on: 2026-11-23T09:00:00Z', instant)
    .option('--data <folder>', "the hub's folder", '.baton')
    .option('--config <file>', 'the configuration (default: baton.json)')
    .option('--playbook <folder>', 'the playbook (default: of baton.json, else the shipped)')
    .addHelpText(
      'after',
      '\nExample:\n  $ baton reconcile --connection crm --from 2026-11-23T09:00:00Z\n',
    )
    .action(answering(reconcile));
}

function instant(text: string): string {
  const at = new Date(text);
  if (!Number.isNaN(at.getTime()) && /T.*(Z|[+-]\d\d:?\d\d)$/.test(text)) return at.toISOString();
  throw new InvalidArgumentError('It takes an instant such as 2026-11-23T09:00:00Z.');
}

/** What asking brought now, beside what it brought in seven days. */
type Reconciled = StreamReport & Omit<Asked, 'connection' | 'stream'>;

async function reconcile(options: ReconcileOptions): Promise<Answer> {
  const folder = resolve(options.data);
  const { connection, stream, from } = options;
  const wanted: Wanted = {
    ...(connection === undefined ? {} : { connection }),
    ...(stream === undefined ? {} : { stream }),
    ...(from === undefined ? {} : { from }),
  };
  const found =
    holderOf(folder) === undefined
      ? await inStore(folder, wanted, options)
      : await throughHub(folder, wanted);
  return {
    json: found,
    text: (paint) => render(found, paint),
    exitCode: found.some(({ error }) => error !== undefined) ? 1 : 0,
  };
}

function inStore(folder: string, wanted: Wanted, options: PlaybookOptions): Promise<Reconciled[]> {
  return inStoppedHub(folder, options, async (embedded, workOff) => {
    const asked = await askNow(embedded, wanted);
    await workOff();
    const { records, now } = embedded.hub;
    return together(asked, await reportOn(records, asked, now()));
  });
}

/** How long the hub that runs is given to take in what was found, before it is told how much it was. */
const PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 100;

async function throughHub(folder: string, wanted: Wanted): Promise<Reconciled[]> {
  const query = new URLSearchParams({ ...wanted } as Record<string, string>).toString();
  const asked = z.array(Asked).parse(await askHub(folder, `/admin/reconcile?${query}`));
  const store = openReader(folder);
  try {
    for (let ms = 0; ms < PATIENCE_MS && store.hasOpenJobs('envelope'); ms += LOOK_EVERY_MS) {
      await sleep(LOOK_EVERY_MS);
    }
    return together(asked, await reportOn(store.records, asked, store.now()));
  } finally {
    store.close();
  }
}

const together = (asked: readonly Asked[], reports: readonly StreamReport[]): Reconciled[] =>
  asked.flatMap((one, index) => {
    const report = reports[index];
    return report === undefined ? [] : [{ ...report, ...one }];
  });

/** A line for each stream, and below what failed. */
export function render(found: readonly Reconciled[], paint: Paint): string {
  const rows = found.map((one) => [
    one.connection,
    one.stream,
    one.error === undefined ? String(one.rows) : paint.red('failed'),
    `${one.seen}`,
    `${one.missed}`,
    one.missRate === null ? '-' : `${(one.missRate * 100).toFixed(1)} %`,
    ageOf(one),
  ]);
  const headings = ['connection', 'stream', 'asked now', 'seen 7 d', 'missed', 'rate', 'cursor'];
  const failures = found.flatMap(({ connection, stream, error }) =>
    error === undefined ? [] : [wrap(`${connection}, ${stream}: ${error.message}`, 80, '')],
  );
  return [table(headings, rows, paint), ...failures].join('\n');
}

function ageOf({ ageMinutes, rested, error }: Reconciled): string {
  if (error === undefined && !rested) return 'more to read';
  return ageMinutes === null ? 'never at the end' : `${ageMinutes} min old`;
}

import * as z from 'zod';
import type { Answer } from '#cli/answer.ts';
import { readTexts } from '#cli/playbook.ts';
import { askHub } from '#cli/store/ask-hub.ts';
import { counted, type Paint, wrap } from '#cli/terminal.ts';
import {
  type Applying,
  bringIntoForce,
  type ClockRule,
  type RunningRule,
} from '#core/versions/versions.ts';
import { timeIn } from '#platform/embedded/clock-anchor.ts';
import { openDatabase } from '#platform/embedded/database.ts';
import { embeddedRecords } from '#platform/embedded/embedded-records.ts';
import { holderOf } from '#platform/embedded/reader.ts';

/** What came of an application, whoever carried it out. */
const Sent = z.object({
  inForce: z.object({
    number: z.number(),
    version: z.string(),
    from: z.string().optional(),
    clocksMoved: z.boolean(),
  }),
  changed: z.boolean(),
  clocksMoved: z.number(),
});
type Sent = z.infer<typeof Sent>;

/** The rules of an application, as a command takes them. */
export interface Rules {
  readonly running: RunningRule;
  readonly clocks: ClockRule;
}

/** Brings a version into force: through the hub that works on the folder, or else in its store. */
export async function send(folder: string, wish: Omit<Applying, 'version'>): Promise<Answer> {
  const hub = holderOf(folder) !== undefined;
  const sent = hub
    ? Sent.parse(await askHub(folder, '/admin/playbook', wish))
    : await inStore(folder, wish);
  const { version, number, from } = sent.inForce;
  const { changed, clocksMoved } = sent;
  return {
    json: { version, number, from, changed, clocksMoved, running: wish.running, hub },
    text: (paint) => render(sent, wish, hub, paint),
  };
}

async function inStore(folder: string, wish: Omit<Applying, 'version'>): Promise<Sent> {
  const { version } = await readTexts(wish.files);
  const db = openDatabase(folder);
  try {
    const records = embeddedRecords(db);
    const done = await bringIntoForce({ records, now: timeIn(folder) }, { ...wish, version });
    return { ...done, clocksMoved: 0 };
  } finally {
    db.close();
  }
}

const RUNNING = {
  pin: 'Runs under way end by the version they began with.',
  migrate: 'Runs under way go over to it at their next step that is in both versions.',
  drain: 'New runs begin once those under way have come to rest.',
} as const;

function render(
  { inForce, changed, clocksMoved }: Sent,
  { running, clocks }: Rules,
  hub: boolean,
  paint: Paint,
): string {
  const { version, from } = inForce;
  if (!changed) return `${version} is in force already, and nothing was changed.`;
  const before = from === undefined || from === version ? '' : ` It was ${from} before.`;
  const moved = hub
    ? ` ${counted(clocksMoved, 'running clock')} moved.`
    : ' Running clocks are moved when the hub starts.';
  const text = `${RUNNING[running]}${clocks === 'keep' ? '' : moved}${before}`;
  const when = hub ? 'from now on' : 'from the next start on';
  return `${paint.green(`${version} is in force`)} ${when}.\n${wrap(text, 80)}`;
}

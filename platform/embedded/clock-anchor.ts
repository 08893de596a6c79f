import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import { acceleratedClock, amongOthers, type HubClock, realClock, shownAt } from './clock.ts';

const ClockAnchor = z.strictObject({
  real: z.number(),
  shown: z.number(),
  factor: z.number().positive(),
});
type ClockAnchor = z.infer<typeof ClockAnchor>;

export interface Speed {
  /** How many times as fast as the time of day; absent: the time of day itself. */
  readonly factor?: number | undefined;
  /** Whether the vendors live by this clock, as make-believe ones can. */
  readonly vendorsToo: boolean;
}

const anchorFile = (folder: string) => join(folder, 'clock.json');

/**
 * The clock of the hub in a folder. At a speed it goes on from where it was, however often and at
 * whatever speed the hub is started; without one it is the time of day. Throws a HubError `config`
 * for a store whose time has passed the other way so far: what is in it would be ahead, or late.
 */
export function clockIn(
  folder: string,
  speed: Speed,
  timeOfDay: () => number = Date.now,
): HubClock {
  const { factor } = speed;
  const kept = readAnchor(folder);
  if (factor === undefined) {
    if (kept !== undefined) throw accelerated(folder, kept, timeOfDay());
    return realClock(timeOfDay);
  }
  if (kept === undefined && existsSync(join(folder, 'baton.db'))) throw real(folder);
  const anchor = kept?.factor === factor ? kept : anew(kept, factor, timeOfDay());
  if (anchor !== kept) keep(folder, anchor);
  const clock = acceleratedClock(anchor, timeOfDay);
  return speed.vendorsToo ? clock : amongOthers(clock, anchor, timeOfDay);
}

/** What time it is for the hub in a folder, whoever asks: programs beside it see what it sees. */
export function timeIn(folder: string, timeOfDay: () => number = Date.now): () => Date {
  let anchor: ClockAnchor | undefined;
  let changedAt: number | undefined;
  return () => {
    const written = statSync(anchorFile(folder), { throwIfNoEntry: false })?.mtimeMs;
    if (written !== changedAt) anchor = readAnchor(folder);
    changedAt = written;
    return new Date(anchor === undefined ? timeOfDay() : shownAt(anchor, timeOfDay()));
  };
}

const anew = (kept: ClockAnchor | undefined, factor: number, now: number): ClockAnchor => ({
  real: now,
  shown: kept === undefined ? now : shownAt(kept, now),
  factor,
});

function keep(folder: string, anchor: ClockAnchor): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = anchorFile(folder);
  // Whole or not at all: a hub without its anchor could not go on.
  writeFileSync(`${file}.new`, JSON.stringify(anchor));
  renameSync(`${file}.new`, file);
}

function readAnchor(folder: string): ClockAnchor | undefined {
  const file = anchorFile(folder);
  if (!existsSync(file)) return undefined;
  try {
    return ClockAnchor.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new HubError(
      'config',
      'clock_unreadable',
      `${file} can't be read, so nobody knows what time it is for the store beside it. Take it from a backup, or begin with another folder: --data.`,
      { cause },
    );
  }
}

function accelerated(folder: string, anchor: ClockAnchor, now: number): HubError {
  const shown = new Date(shownAt(anchor, now)).toISOString();
  return new HubError(
    'config',
    'clock_accelerated',
    `In ${folder} time has passed at another speed, and it is ${shown} there: by the time of day its timers would be far off. Go on with --speed ${anchor.factor}, or take another folder with --data.`,
  );
}

function real(folder: string): HubError {
  return new HubError(
    'config',
    'clock_real',
    `The hub in ${folder} has lived by the time of day: with --speed its timers would ring early, and there would be no way back. Take another folder with --data.`,
  );
}

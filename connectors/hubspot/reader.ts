import type { HubspotContext } from './credentials.ts';
import { type HubspotObject, type ObjectName, readObject, readObjects } from './objects.ts';
import type { HubspotSettings } from './settings.ts';

/** What the translation of one piece of news may read: a record at least as new as the news. */
export interface Reading extends HubspotContext {
  /** When the news came in. */
  readonly newsAt: number;
}

export function newReading(context: HubspotContext, receivedAt: string): Reading {
  return { ...context, newsAt: Date.parse(receivedAt) };
}

interface Wanted {
  readonly context: HubspotContext;
  readonly id: string;
  readonly properties: readonly string[];
  resolve(record: HubspotObject): void;
  reject(error: unknown): void;
}

interface Kept {
  readonly record: HubspotObject;
  readonly readAt: number;
  readonly properties: ReadonlySet<string>;
}

interface Desk {
  readonly wanted: Map<ObjectName, Wanted[]>;
  readonly kept: Map<string, Kept>;
}

/** One desk a connection: its settings are parsed once, and live as long as it. */
const desks = new WeakMap<HubspotSettings, Desk>();
/** A batch of news is about a hundred records at most. */
const MOST_KEPT = 500;

/**
 * Reads a record that there is news of. HubSpot sends no properties, and several pieces of news
 * about one record: what is asked for at the same time is read in one call, and a record that was
 * read after the news came in is not read again. Throws as `readObject` does.
 */
export function readForNews(
  context: Reading,
  name: ObjectName,
  id: string,
  properties: readonly string[],
): Promise<HubspotObject> {
  const desk = desks.get(context.settings) ?? { wanted: new Map(), kept: new Map() };
  desks.set(context.settings, desk);
  const kept = desk.kept.get(`${name}/${id}`);
  if (
    kept !== undefined &&
    context.newsAt < kept.readAt &&
    properties.every((property) => kept.properties.has(property))
  ) {
    return Promise.resolve(kept.record);
  }
  return new Promise((resolve, reject) => {
    const queue = desk.wanted.get(name) ?? [];
    desk.wanted.set(name, queue);
    queue.push({ context, id, properties, resolve, reject });
    if (queue.length === 1) setImmediate(readWanted, desk, name);
  });
}

function readWanted(desk: Desk, name: ObjectName): void {
  const wanted = desk.wanted.get(name) ?? [];
  desk.wanted.delete(name);
  const [first] = wanted;
  if (first === undefined) return;
  const properties = [...new Set(wanted.flatMap((one) => one.properties))];
  const ids = [...new Set(wanted.map(({ id }) => id))];
  const readAt = Math.max(...wanted.map(({ context }) => context.now.getTime()));
  const finish = (id: string, reading: Promise<HubspotObject>) => {
    const asked = wanted.filter((one) => one.id === id);
    reading.then(
      (record) => {
        keep(desk, `${name}/${id}`, { record, readAt, properties: new Set(properties) });
        for (const one of asked) one.resolve(record);
      },
      (error) => {
        for (const one of asked) one.reject(error);
      },
    );
  };
  const together =
    ids.length === 1 ? Promise.resolve([]) : readObjects(first.context, name, ids, properties);
  const found = together.then((records) => new Map(records.map((record) => [record.id, record])));
  for (const id of ids) {
    // A batch leaves out what is gone or was merged: asked for alone, the one fails, the other is followed.
    const alone = () => readObject(first.context, name, id, properties);
    finish(
      id,
      found.then((records) => records.get(id) ?? alone()),
    );
  }
}

function keep(desk: Desk, key: string, kept: Kept): void {
  desk.kept.delete(key);
  desk.kept.set(key, kept);
  const [oldest] = desk.kept.keys();
  if (desk.kept.size > MOST_KEPT && oldest !== undefined) desk.kept.delete(oldest);
}

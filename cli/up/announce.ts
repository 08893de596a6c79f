import { leadName } from '#cli/lead/names.ts';
import { column, type Paint } from '#cli/terminal.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Records, Write } from '#core/ports/records.ts';
import { Person, personKey } from '#core/records/person.ts';
import { read } from '#core/records/store.ts';
import { type Notice, noticesOf } from './notices.ts';

/** A notice with its time, and whom it is about in words. */
export interface Announcement extends Notice {
  readonly at: string;
  readonly who?: string | undefined;
}

/** Tells of what a hub has written. */
export async function announce(
  { records, now }: Pick<Hub, 'records' | 'now'>,
  writes: readonly Write[],
  tell: (one: Announcement) => void,
): Promise<void> {
  const at = now().toISOString();
  for (const notice of noticesOf(writes)) {
    tell({ at, ...notice, who: await nameOf(records, notice.personId) });
  }
}

async function nameOf(records: Records, id: string | undefined): Promise<string | undefined> {
  if (id === undefined) return undefined;
  const person = await read(records, Person, personKey(id));
  return person === undefined ? id : leadName(person.data);
}

const COLOURS: Readonly<Record<Notice['what'], 'cyan' | 'green' | 'yellow' | 'magenta' | 'red'>> = {
  received: 'cyan',
  'handed off': 'green',
  breached: 'yellow',
  'handed back': 'magenta',
  nurture: 'magenta',
  declined: 'magenta',
  closed: 'green',
  playbook: 'green',
  trouble: 'red',
};

/** One line, with the time of day here. */
export function renderAnnouncement({ at, what, who, text }: Announcement, paint: Paint): string {
  const time = new Date(at).toTimeString().slice(0, 8);
  const about = who === undefined ? '' : `${paint.bold(who)}  `;
  return `${paint.dim(time)}  ${paint[COLOURS[what]](column(what, 11))}  ${about}${text}`;
}

import type { Vendors } from '#cli/sandbox/vendors.ts';
import { addDuration } from '#core/clocks/business-time.ts';
import { parseDuration } from '#core/clocks/duration.ts';
import { calendarFor } from '#core/handoff/calendar.ts';
import type { Salesperson } from '#core/people.ts';
import type { Playbook } from '#core/playbook.ts';
import { linkAfter, type ReceivedMail } from '#platform/embedded/fake-mailbox.ts';
import type { Agenda } from './agenda.ts';
import { type CrmTask, openDesk } from './desk.ts';

/** How a salesperson treats leads, in working minutes from the invitation. */
interface Temper {
  readonly name: 'keen' | 'slow' | 'absent';
  /** Chance to answer at all. */
  readonly answers: number;
  readonly answersWithin: readonly [number, number];
  readonly worksWithin: readonly [number, number];
}

const KEEN: Temper = { name: 'keen', answers: 1, answersWithin: [1, 12], worksWithin: [2, 25] };
const SLOW: Temper = {
  name: 'slow',
  answers: 0.75,
  answersWithin: [8, 260],
  worksWithin: [20, 500],
};
const ABSENT: Temper = { name: 'absent', answers: 0, answersWithin: [0, 0], worksWithin: [0, 0] };
/** In the order of the playbook's people, over and over: every territory has somebody who never answers. */
const TEMPERS = [KEEN, SLOW, KEEN, ABSENT, SLOW, KEEN, ABSENT, SLOW];

/** The sales floor of the week: everybody's temper, and what is between invitation and close. */
export interface SalesFloor {
  /** Looks for invitations that came since the last look and plans what becomes of each. */
  look(): void;
  temperOf(email: string): Temper['name'];
  /** Deals that were closed, by the CRM record of the person. */
  readonly closed: ReadonlyMap<string, 'won' | 'lost'>;
}

interface Invitation {
  readonly who: Salesperson;
  readonly mail: ReceivedMail;
  readonly task: CrmTask | undefined;
  readonly message: { readonly channel: string; readonly ts: string } | undefined;
}

const REASONS = ['no_budget', 'not_now_timing', 'no_response', 'bad_fit', 'bad_data'];

export function openSalesFloor(world: {
  agenda: Agenda;
  vendors: Vendors;
  playbook: Playbook;
  random: () => number;
  now: () => Date;
  /** Presses the button behind a signed link. */
  press: (link: string, fields: Record<string, string>) => Promise<void>;
}): SalesFloor {
  const { agenda, vendors, playbook, random, now, press } = world;
  const { salespeople } = playbook.people;
  const tempers = new Map(
    salespeople.map(({ email }, index) => [email, TEMPERS[index % TEMPERS.length] ?? KEEN]),
  );
  const desk = openDesk(vendors, [...tempers.keys()]);
  const closed = new Map<string, 'won' | 'lost'>();
  let seenMails = 0;
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

  const after = (who: Salesperson, [from, to]: readonly [number, number]): Date => {
    const minutes = Math.max(1, Math.round(from + random() * (to - from)));
    return addDuration(
      calendarFor(playbook, who.email),
      now(),
      parseDuration(`${minutes} business minutes`),
    );
  };

  const look = (): void => {
    for (const mail of vendors.mailbox.mails.slice(seenMails)) {
      seenMails += 1;
      const who = salespeople.find(({ email }) => email === mail.to);
      if (who !== undefined && linkAfter(mail, 'Accept') !== undefined)
        receive(invitation(who, mail));
    }
  };

  const invitation = (who: Salesperson, mail: ReceivedMail): Invitation => {
    const task = desk.next(who.email);
    const lead = mail.subject.replace('A lead for you: ', '');
    const message = vendors.slack.messages.findLast(
      ({ text, blocks }) =>
        text.includes(lead) && blocks.some(({ elements = [] }) => elements.length > 0),
    );
    return { who, mail, task, message };
  };

  const receive = (invited: Invitation): void => {
    const temper = tempers.get(invited.who.email) ?? KEEN;
    if (random() > temper.answers) return;
    const at = after(invited.who, temper.answersWithin);
    const mood = random();
    if (mood < 0.08) agenda.plan(at, () => refuse(invited));
    else if (mood < 0.15) agenda.plan(at, () => snooze(invited, temper));
    else agenda.plan(at, () => accept(invited, temper));
  };

  const slackUser = (email: string) =>
    `U${String(salespeople.findIndex((one) => one.email === email) + 1).padStart(4, '0')}`;

  const click = (
    { who, message }: Invitation,
    action: 'accept' | 'snooze' | 'reject',
    reason?: string,
  ): boolean =>
    message !== undefined &&
    vendors.slack.clickButton(message.channel, message.ts, slackUser(who.email), action, reason);

  /** In the CRM everybody sees whose task it is now. */
  const isTheirs = (invited: Invitation): invited is Invitation & { task: CrmTask } =>
    invited.task !== undefined && desk.isOpen(invited.task, invited.who.email);

  const accept = async (invited: Invitation, temper: Temper): Promise<void> => {
    const link = linkAfter(invited.mail, 'Accept');
    const way = random();
    if (way < 0.2 && link !== undefined) await press(link, {});
    else if (way < 0.35 && isTheirs(invited)) setWorking(vendors, invited.task, invited.who.email);
    else if (!click(invited, 'accept')) return;
    agenda.plan(after(invited.who, temper.worksWithin), () => work(invited));
  };

  const refuse = async (invited: Invitation): Promise<void> => {
    const link = linkAfter(invited.mail, 'Reject');
    if (random() < 0.5 && link !== undefined) await press(link, { reason: pick(REASONS) });
    else click(invited, 'reject', pick(REASONS));
  };

  const snooze = (invited: Invitation, temper: Temper): void => {
    if (click(invited, 'snooze'))
      agenda.plan(after(invited.who, [20, 50]), () => accept(invited, temper));
  };

  const work = ({ who, task }: Invitation): void => {
    if (task === undefined || !desk.isOpen(task, who.email)) return;
    if (task.crm === 'salesforce') vendors.salesforce.completeTask(task.id, 'Call');
    else vendors.hubspot.completeTask(task.id, 'CALL');
    if (random() < 0.5) agenda.plan(after(who, [30, 300]), () => openDeal(who, task));
  };

  const openDeal = (who: Salesperson, task: CrmTask): void => {
    const amount = 5000 + Math.floor(random() * 40) * 1000;
    const close = dealFor(vendors, who.email, task, amount);
    if (close === undefined || random() >= 0.75) return;
    agenda.plan(after(who, [60, 600]), () => {
      const won = random() < 0.5;
      close(won);
      closed.set(`${task.crm}/${task.record}`, won ? 'won' : 'lost');
    });
  };

  return { look, closed, temperOf: (email) => (tempers.get(email) ?? KEEN).name };
}

function setWorking(
  { salesforce, hubspot }: Vendors,
  { crm, record }: CrmTask,
  owner: string,
): void {
  if (crm === 'salesforce') salesforce.setStatus(record, 'Working - Contacted', owner);
  else hubspot.setStatus(record, 'IN_PROGRESS', owner);
}

/** Opens a deal for whom a task is about; answers how to close it. */
function dealFor(
  { salesforce, hubspot }: Vendors,
  owner: string,
  { crm, record }: CrmTask,
  amount: number,
): ((won: boolean) => void) | undefined {
  const name = 'Hand-over platform';
  if (crm === 'hubspot') {
    const id = hubspot.openDeal({ name, amount: String(amount), contactId: record, owner });
    return (won) => hubspot.closeDeal(id, won);
  }
  if (salesforce.row(record)?.['IsConverted'] === true) return undefined;
  const { opportunityId } = salesforce.convertLead(record, owner, { name, amount });
  return opportunityId === undefined
    ? undefined
    : (won) => salesforce.closeDeal(opportunityId, won);
}

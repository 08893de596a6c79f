import type { Vendors } from '#cli/sandbox/vendors.ts';
import type { Agenda } from '#cli/week/agenda.ts';
import type { OutgoingRequest } from '#connectors/kit/fake.ts';
import type { Playbook } from '#core/playbook.ts';
import { linkAfter, type ReceivedMail } from '#platform/embedded/fake-mailbox.ts';

/** A Monday on which everybody of the shipped playbook works. */
export const MONDAY = new Date('2026-12-07T09:00:00Z');

const at = (minutes: number) => new Date(MONDAY.getTime() + minutes * 60_000);
const DAY = 24 * 60;

interface Buyer {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly title: string;
  readonly company: string;
  readonly country: string;
  readonly employees: number;
  readonly industry: string;
}

const buyer = (firstName: string, title = 'VP Marketing', country = 'DE'): Buyer => ({
  email: `${firstName.toLowerCase()}@${firstName.toLowerCase()}-works.com`,
  firstName,
  lastName: 'Probe',
  title,
  company: `${firstName} Works`,
  country,
  employees: 1200,
  industry: 'Software',
});

const ADA = buyer('Ada');
const BEN = buyer('Ben');
const CARLA = buyer('Carla');
const DORA = buyer('Dora', 'Student');
const EMIL = buyer('Emil', 'Head of Revenue Operations', 'GB');
const FRIDA = buyer('Frida');

type Deliver = (path: string, request: OutgoingRequest) => void;

/** What the world does, whatever the hub makes of it: it looks only at what the vendors show. */
export function planStory(world: {
  agenda: Agenda;
  vendors: Vendors;
  playbook: Playbook;
  deliver: Deliver;
}): void {
  const { agenda, vendors, deliver } = world;
  const people = peopleOf(world);
  const { website } = vendors;
  const demo = (who: Buyer) =>
    website.send('track', {
      anonymousId: who.firstName,
      event: 'Demo Requested',
      properties: { ...who, need: 'Reps never see the leads.' },
    });

  // Ada looks around unknown, asks for a demo, is called and buys. The website tells it twice.
  agenda.plan(at(0), () => {
    website.send('page', { anonymousId: ADA.firstName, properties: { title: 'Pricing' } });
  });
  agenda.plan(at(10), () => {
    const message = demo(ADA);
    deliver('/in/segment/website', website.webhook(message));
  });
  agenda.plan(at(14), () => people.click(ADA, 'accept'));
  agenda.plan(at(25), () => people.completeTask(ADA));
  agenda.plan(at(DAY + 60), () => people.openDeal(ADA));
  agenda.plan(at(DAY + 120), () => people.closeDeal(ADA));
  // A page that she saw before she was known, told a day late.
  agenda.plan(at(DAY), () => {
    website.send('page', {
      anonymousId: ADA.firstName,
      timestamp: at(-30).toISOString(),
      properties: { title: 'Security' },
    });
  });

  // Ben is turned down by the link in the mail.
  agenda.plan(at(20), () => void demo(BEN));
  agenda.plan(at(24), () => people.pressLink(BEN, 'Reject', { reason: 'no_budget' }));

  // Nobody answers Carla: she goes from one to the next and back to marketing.
  agenda.plan(at(30), () => void demo(CARLA));

  // Dora will never buy.
  agenda.plan(at(40), () => {
    website.send('track', {
      anonymousId: DORA.firstName,
      event: 'Form Submitted',
      properties: { ...DORA, form: 'Benchmark' },
    });
  });

  // Emil comes through HubSpot; his salesperson puts him off, then accepts, and never calls.
  agenda.plan(at(50), () => {
    vendors.enrichment.know(EMIL.email, EMIL);
    vendors.hubspot.createContactFromForm({
      email: EMIL.email,
      form: 'Contact sales: Contact us',
      message: 'Two teams, two lists, no owner.',
      properties: { firstname: EMIL.firstName, lastname: EMIL.lastName, company: EMIL.company },
    });
  });
  agenda.plan(at(53), () => people.click(EMIL, 'snooze'));
  agenda.plan(at(70), () => people.click(EMIL, 'accept'));

  // Frida is qualified by Marketo, while Slack is down for a while.
  agenda.plan(at(80), () => {
    vendors.slack.outageUntil = at(95);
    const { firstName, lastName, email, company, title, country } = FRIDA;
    const known = { firstName, lastName, company, title, country };
    const lead = vendors.marketo.addLead({ ...known, email, leadStatus: 'MQL' });
    const news = {
      event: 'mql',
      eventKey: `${lead.id}-mql`,
      program: 'Nurture',
      campaign: 'Over 50',
    };
    vendors.marketo.callWebhook(lead.id, { ...news, ...known });
  });

  // Something that no hub can understand.
  agenda.plan(at(90), () => {
    deliver('/in/marketo/marketo', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-hub-token': 'marketo-webhook-token',
        'x-hub-event': 'mql',
      },
      body: '{"leadId": 17, "email": ',
    });
  });
}

/** What salespeople do with a lead, by what they were sent. */
function peopleOf({
  vendors: { slack, mailbox, salesforce },
  playbook,
  deliver,
}: {
  vendors: Vendors;
  playbook: Playbook;
  deliver: Deliver;
}) {
  const { salespeople } = playbook.people;
  /** The workspace numbers its members in the order of the playbook. */
  const memberOf = (email: string) =>
    `U${String(salespeople.findIndex((one) => one.email === email) + 1).padStart(4, '0')}`;
  const invitationTo = (who: Buyer): ReceivedMail | undefined =>
    mailbox.mails.findLast(
      (mail) => mail.subject.includes(who.firstName) && linkAfter(mail, 'Accept') !== undefined,
    );
  const record = ({ email }: Buyer) => salesforce.personByEmail(email)?.Id ?? '';
  const ownerOf = (who: Buyer) => invitationTo(who)?.to ?? '';
  const deals = new Map<string, string | undefined>();
  return {
    click(who: Buyer, action: 'accept' | 'snooze'): void {
      const message = slack.messages.findLast(
        ({ text, blocks }) =>
          text.includes(who.firstName) && blocks.some(({ elements = [] }) => elements.length > 0),
      );
      if (message === undefined) return;
      slack.clickButton(message.channel, message.ts, memberOf(ownerOf(who)), action);
    },
    pressLink(who: Buyer, word: string, fields: Record<string, string>): void {
      const mail = invitationTo(who);
      const link = mail === undefined ? undefined : linkAfter(mail, word);
      if (link === undefined) return;
      deliver(new URL(link).pathname, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(fields).toString(),
      });
    },
    completeTask(who: Buyer): void {
      const task = salesforce.openTasks().find(({ whoId }) => whoId === record(who));
      if (task !== undefined) salesforce.completeTask(task.id, 'Call');
    },
    openDeal(who: Buyer): void {
      if (invitationTo(who) === undefined) return;
      const deal = { name: 'Hand-over platform', amount: 20_000 };
      const { opportunityId } = salesforce.convertLead(record(who), ownerOf(who), deal);
      deals.set(who.email, opportunityId);
    },
    closeDeal(who: Buyer): void {
      const deal = deals.get(who.email);
      if (deal !== undefined) salesforce.closeDeal(deal, true);
    },
  };
}

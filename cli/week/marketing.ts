import type { Vendors } from '#cli/sandbox/vendors.ts';
import type { Agenda } from './agenda.ts';
import type { Buyer } from './buyers.ts';

const MINUTE_MS = 60_000;
const before = (at: Date, minutes: number) => new Date(at.getTime() - minutes * MINUTE_MS);
const SITE = 'https://northwind.example';

/** A buyer who comes this moment. */
export function arrive(vendors: Vendors, buyer: Buyer): void {
  if (buyer.enriched) vendors.enrichment.know(buyer.facts.email, buyer.facts);
  ARRIVALS[buyer.source](vendors, buyer);
}

/** Plans what a buyer does: looks around unknown, then becomes known the way their source has it. */
export function planBuyer(agenda: Agenda, vendors: Vendors, buyer: Buyer): void {
  const { facts, enriched, at } = buyer;
  if (enriched) vendors.enrichment.know(facts.email, facts);
  buyer.pages.forEach((page, index) => {
    agenda.plan(before(at, 90 - index * 7), () => {
      vendors.website.send('page', {
        anonymousId: buyer.visitor,
        properties: { title: page.title, path: page.path, url: `${SITE}${page.path}` },
        context: { campaign: { source: 'google', medium: 'cpc', name: 'autumn' } },
      });
    });
  });
  agenda.plan(at, () => ARRIVALS[buyer.source](vendors, buyer));
}

type Arrival = (vendors: Vendors, buyer: Buyer) => void;

const ARRIVALS: Record<Buyer['source'], Arrival> = {
  'website-demo': (vendors, buyer) =>
    submit(vendors, buyer, 'Demo Requested', {
      need: buyer.need,
      timeline: buyer.timeline,
      referrer: 'https://news.example/crm',
    }),
  'website-form': (vendors, buyer) =>
    submit(vendors, buyer, 'Form Submitted', { form: 'Lead benchmark report' }),
  marketo({ marketo, website }, { facts, visitor }) {
    website.send('identify', { anonymousId: visitor, traits: { email: facts.email } });
    const { firstName, lastName, email, company, title, country } = facts;
    const lead = marketo.addLead({
      firstName,
      lastName,
      email,
      company,
      title,
      country,
      leadStatus: 'MQL',
    });
    const known = { firstName, lastName, company, title, country };
    marketo.callWebhook(lead.id, {
      event: 'webinar-attended',
      eventKey: `${lead.id}-webinar`,
      program: 'Handing over leads',
      ...known,
    });
    marketo.callWebhook(lead.id, {
      event: 'mql',
      eventKey: `${lead.id}-mql`,
      program: 'Nurture',
      campaign: 'Score over 50',
      ...known,
    });
  },
  hubspot({ hubspot, website }, { facts, visitor, need }) {
    website.send('identify', { anonymousId: visitor, traits: { email: facts.email } });
    const { firstName, lastName, company, title, country = '' } = facts;
    hubspot.createContactFromForm({
      email: facts.email,
      form: 'Contact sales: Contact us',
      message: need,
      properties: {
        firstname: firstName,
        lastname: lastName,
        company: company ?? '',
        jobtitle: title ?? '',
        country,
      },
    });
  },
  salesforce({ salesforce, website }, { facts, visitor, need }) {
    website.send('identify', { anonymousId: visitor, traits: { email: facts.email } });
    const { email, firstName, lastName, company = '', title = '', country = '' } = facts;
    salesforce.createLeadFromForm({
      email,
      firstName,
      lastName,
      company,
      message: need,
      fields: { Title: title, Country: country },
    });
  },
};

function submit(
  vendors: Vendors,
  { facts, visitor, enriched }: Buyer,
  event: string,
  properties: Record<string, string>,
): void {
  const { email, firstName, lastName } = facts;
  // Whom the enrichment vendor knows is asked for little, as good forms do.
  const asked = enriched ? {} : facts;
  vendors.website.send('track', {
    anonymousId: visitor,
    event,
    properties: { ...asked, email, firstName, lastName, ...properties },
  });
}

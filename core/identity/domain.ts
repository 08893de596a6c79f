import providers from 'email-providers/all.json' with { type: 'json' };
import { getDomain } from 'tldts';
import type { PersonFacts } from '#core/events.ts';

/**
 * On the list, yet also the domain of an employer (BT, Sky) or of documentation; taking such a
 * company for a mailbox costs its account match.
 */
const EMPLOYERS = ['bt.com', 'sky.com', 'example.com'];
/** Providers that the list lacks: of mailboxes, of throw-away ones, and of access to the net. */
const MORE_PROVIDERS = [
  ...['fastmail.com', 'tutanota.com', 'tuta.com', 'duck.com', 'tempmail.com', 'burnermail.io'],
  ...['ziggo.nl', 'xs4all.nl', 'upcmail.nl', 'spectrum.net', 'vodafone.de', 'plusnet.com'],
  ...['a1.net', 'aon.at', 'nifty.com'],
];

const freemail = new Set([...providers, ...MORE_PROVIDERS]);
for (const domain of EMPLOYERS) freemail.delete(domain);

/** Sites on which companies have a page, which is not the company's own site. */
const PLATFORMS = new Set([
  'facebook.com',
  'github.com',
  'google.com',
  'instagram.com',
  'linkedin.com',
  'twitter.com',
  'x.com',
  'xing.com',
  'youtube.com',
]);

const afterAt = (text: string) =>
  text.includes('/') ? text : text.slice(text.lastIndexOf('@') + 1);

/**
 * The domain that somebody registered: `acme.co.uk` for `joe@mail.acme.co.uk` and for
 * `https://www.acme.co.uk/about`. Suffixes under which strangers get names, such as `github.io`,
 * count as public ones.
 */
export function registrableDomain(emailOrUrl: string): string | undefined {
  const domain = getDomain(afterAt(emailOrUrl.trim()).toLowerCase(), { allowPrivateDomains: true });
  return domain ?? undefined;
}

/**
 * Whether a domain, or the domain of an e-mail address, is of a provider of mailboxes: free,
 * thrown away after use, or that of somebody's access to the net.
 */
export function isFreemail(domainOrEmail: string): boolean {
  const host = afterAt(domainOrEmail.trim()).toLowerCase();
  return freemail.has(host) || freemail.has(registrableDomain(host) ?? host);
}

/** The domain of the company somebody works for, by their e-mail address or else their website. */
export function companyDomain(person: Pick<PersonFacts, 'email' | 'website'>): string | undefined {
  const { email, website } = person;
  if (email?.includes('@') && !isFreemail(email)) {
    const domain = registrableDomain(email);
    if (domain !== undefined) return domain;
  }
  const site = website === undefined ? undefined : registrableDomain(website);
  return site === undefined || PLATFORMS.has(site) || isFreemail(site) ? undefined : site;
}

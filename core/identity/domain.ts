import providers from 'email-providers/all.json' with { type: 'json' };
import { getDomain } from 'tldts';
import type { PersonFacts } from '#core/events.ts';

/**
 * On the list, yet also the domain of an employer (BT, Sky) or of documentation; taking such a
 * company for a mailbox costs its account match.
 */
const EMPLOYERS = ['bt.com', 'sky.com', 'example.com'];
/** Providers of mailboxes that the list lacks. */
const MORE_FREE = ['fastmail.com', 'tutanota.com', 'tuta.com', 'duck.com', 'anonaddy.me'];

/** Providers of mailboxes that are thrown away after use, as far as they are told from others. */
const DISPOSABLE = new Set(
  (
    'mailinator.com guerrillamail.com guerrillamail.info grr.la sharklasers.com spam4.me ' +
    '10minutemail.com temp-mail.org tempmail.com tempmailo.com tempr.email mytemp.email tmail.ws ' +
    'yopmail.com trashmail.com trash-mail.com wegwerfmail.de throwawaymail.com getnada.com ' +
    'maildrop.cc mailnesia.com mailcatch.com mail7.io dispostable.com discard.email mintemail.com ' +
    'mohmal.com fakeinbox.com emailfake.com emailondeck.com inboxkitten.com moakt.com dropmail.me ' +
    '1secmail.com jetable.org spamgourmet.com 33mail.com burnermail.io luxusmail.org einrot.com ' +
    'cuvox.de'
  ).split(' '),
);

/** Providers of access to the net, whose customers have an address with them. */
const ACCESS = new Set(
  // The Americas
  (
    'comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net spectrum.net ' +
    'earthlink.net centurylink.net windstream.net frontier.com optonline.net roadrunner.com rr.com ' +
    'juno.com netzero.net rogers.com shaw.ca bell.net sympatico.ca videotron.ca telus.net ' +
    'uol.com.br terra.com.br bol.com.br ' +
    // Germany, Austria, Switzerland
    't-online.de arcor.de freenet.de kabelmail.de unitybox.de netcologne.de vodafone.de a1.net ' +
    'aon.at chello.at bluewin.ch hispeed.ch sunrise.ch ' +
    // France, Italy, Spain, Portugal
    'orange.fr wanadoo.fr free.fr sfr.fr neuf.fr bbox.fr libero.it tiscali.it alice.it tin.it ' +
    'virgilio.it vodafone.it fastwebnet.it inwind.it telefonica.net ono.com sapo.pt ' +
    // Britain, Ireland, the Low Countries
    'btinternet.com virginmedia.com talktalk.net ntlworld.com blueyonder.co.uk plusnet.com plus.net ' +
    'eircom.net telenet.be skynet.be proximus.be kpnmail.nl kpnplanet.nl planet.nl home.nl ' +
    'ziggo.nl xs4all.nl upcmail.nl ' +
    // The North and the East
    'telia.com online.no broadpark.no tdcadsl.dk mail.dk kolumbus.fi neostrada.pl onet.pl o2.pl ' +
    'interia.pl ' +
    // Asia, Australia, New Zealand
    'ocn.ne.jp nifty.com plala.or.jp docomo.ne.jp bigpond.com optusnet.com.au iinet.net.au ' +
    'tpg.com.au xtra.co.nz'
  ).split(' '),
);

const freemail = new Set([...providers, ...MORE_FREE, ...DISPOSABLE, ...ACCESS]);
for (const domain of EMPLOYERS) freemail.delete(domain);

/** What kinds of providers give mailboxes to whom nobody employs, in words. */
export const PROVIDERS = {
  free: 'a provider of mailboxes',
  disposable: 'a provider of mailboxes that are thrown away',
  access: 'a provider of access to the net',
} as const;

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
 * What kind of provider of mailboxes a domain, or the domain of an e-mail address, belongs to;
 * undefined for what may be an employer's. One that is of no other kind is `free`.
 */
export function providerKind(domainOrEmail: string): keyof typeof PROVIDERS | undefined {
  const host = afterAt(domainOrEmail.trim()).toLowerCase();
  const domain = freemail.has(host) ? host : (registrableDomain(host) ?? host);
  if (!freemail.has(domain)) return undefined;
  if (DISPOSABLE.has(domain)) return 'disposable';
  return ACCESS.has(domain) ? 'access' : 'free';
}

/** Whether a domain, or the domain of an e-mail address, names no employer of anybody. */
export const isFreemail = (domainOrEmail: string): boolean =>
  providerKind(domainOrEmail) !== undefined;

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

import type { CompanyEvidence } from './account-index.ts';
import { phoneInCommon } from './phone.ts';

const brandOf = (domain: string) => domain.slice(0, domain.indexOf('.'));

/** Whether domains differ by no more than their endings: `acme.de` and `acme.com`. */
const sharesBrand = (lead: CompanyEvidence, account: CompanyEvidence) =>
  lead.domains.some((one) => account.domains.some((other) => brandOf(one) === brandOf(other)));

/** One name in two countries is two companies; so it is with two domains of different brands. */
export function isContradicted(lead: CompanyEvidence, account: CompanyEvidence): boolean {
  if (lead.country !== undefined && account.country !== undefined)
    if (lead.country !== account.country) return true;
  if (lead.domains.length === 0 || account.domains.length === 0) return false;
  return !sharesBrand(lead, account);
}

/** What supports that a lead with a like name belongs to an account, each in a few words. */
export function supportOf(lead: CompanyEvidence, account: CompanyEvidence): string[] {
  const support: string[] = [];
  if (isSame(lead.country, account.country)) support.push(`country ${account.country}`);
  if (isSame(lead.region, account.region)) support.push(`region ${account.region}`);
  if (isSame(lead.postcode, account.postcode)) support.push(`postcode ${account.postcode}`);
  if (isSame(lead.city, account.city)) support.push(`city ${account.city}`);
  if (sharesBrand(lead, account))
    support.push(`domain ${lead.domains[0]} beside ${account.domains[0]}`);
  const { phone } = lead.phones ?? {};
  const common = phone && account.phones && phoneInCommon(phone, account.phones);
  return common === undefined ? support : [...support, common];
}

const isSame = (one: string | undefined, other: string | undefined) =>
  one !== undefined && (one === other || placeText(one) === placeText(other));

/** `10115`, `SW1A 1AA` and `sw1a-1aa`, `Zürich` and `ZURICH`: as places are compared. */
const placeText = (text: string | undefined) =>
  text
    ?.normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');

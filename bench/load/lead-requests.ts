import { createHmac } from 'node:crypto';

/** The credentials of the website whose webhooks the load consists of. */
export const WEBSITE = {
  path: '/in/segment/website',
  secret: 'segment-shared-secret',
} as const;

const TITLES = ['VP Marketing', 'Head of Revenue Operations', 'CTO', 'Director of Sales'];
const COUNTRIES = ['DE', 'GB', 'US', 'FR'];
const SIZES = [120, 480, 900, 5200];

/** Somebody asks for a demo; three people of each company do. `series` keeps runs apart. */
export function leadMessage(series: string, index: number) {
  const company = `company-${series}-${Math.floor(index / 3)}`;
  const at = new Date().toISOString();
  return {
    type: 'track',
    messageId: `${series}-${index}`,
    anonymousId: `visitor-${series}-${index}`,
    event: 'Demo Requested',
    timestamp: at,
    sentAt: at,
    receivedAt: at,
    version: 2,
    context: { campaign: { source: 'google', medium: 'cpc', name: 'autumn' } },
    properties: {
      email: `mina.novak.${index}@${company}.example`,
      firstName: 'Mina',
      lastName: `Novak ${index}`,
      title: TITLES[index % TITLES.length],
      company,
      country: COUNTRIES[index % COUNTRIES.length],
      industry: 'Software',
      employees: SIZES[index % SIZES.length],
      form: 'Demo',
      message: 'We outgrew our spreadsheet.',
      timeline: 'this quarter',
    },
  };
}

export const sign = (body: string, secret: string): string =>
  createHmac('sha1', secret).update(body).digest('hex');

/** The whole HTTP request of a lead, as bytes. */
export function leadRequest(series: string, index: number): string {
  const body = JSON.stringify(leadMessage(series, index));
  return [
    `POST ${WEBSITE.path} HTTP/1.1`,
    'host: 127.0.0.1',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-signature: ${sign(body, WEBSITE.secret)}`,
    '',
    body,
  ].join('\r\n');
}

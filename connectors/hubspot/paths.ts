import * as z from 'zod';

/** A dated version, or the numbered one that HubSpot keeps until September 2027. */
export const Version = z.string().regex(/^(v3|\d{4}-\d{2})$/, 'must be v3 or a dated version');

/** The families of the API that are in use. */
export const FAMILIES = [
  'objects',
  'owners',
  'lists',
  'pipelines',
  'properties',
  'associations',
  'account',
  'webhooks',
  'oauth',
] as const;
export type Family = (typeof FAMILIES)[number];

/** The one place that says which version of each family is spoken unless a connection says otherwise. */
const VERSIONS: Readonly<Record<Family, string>> = {
  objects: '2026-09',
  owners: '2026-09',
  lists: '2026-09',
  pipelines: '2026-09',
  properties: '2026-09',
  associations: '2026-09',
  account: '2026-09',
  webhooks: '2026-09',
  // The path that HubSpot's guides name for refreshing; the dated one can be set.
  oauth: 'v3',
};

/** Numbered paths are not uniform, and associations had reached their fourth number. */
const NUMBERED: Readonly<Partial<Record<Family, string>>> = {
  associations: '/crm/v4/associations',
  account: '/account-info/v3',
  webhooks: '/webhooks/v3',
  oauth: '/oauth/v3',
};
const DATED: Readonly<Partial<Record<Family, string>>> = {
  account: '/account-info',
  webhooks: '/app-webhooks',
  oauth: '/oauth',
};

interface Versions {
  readonly apiVersion?: string | undefined;
  readonly apiVersions: Readonly<Partial<Record<Family, string>>>;
}

/** Where a family begins: https://developers.hubspot.com/docs/api-reference/legacy/overview */
export function pathOf({ apiVersion, apiVersions }: Versions, family: Family): string {
  const common = family === 'oauth' ? undefined : apiVersion;
  const version = apiVersions[family] ?? common ?? VERSIONS[family];
  if (version === 'v3') return NUMBERED[family] ?? `/crm/v3/${family}`;
  return `${DATED[family] ?? `/crm/${family}`}/${version}`;
}

/** Scopes every search of every kind of record: HubSpot limits them apart from other calls. */
export function isSearch(path: string): boolean {
  return path.endsWith('/search');
}

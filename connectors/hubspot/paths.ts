import type { HubspotSettings } from './credentials.ts';

/** The paths of the API families in use, for a numbered or a date-based version. */
export interface Paths {
  readonly objects: string;
  readonly owners: string;
  readonly lists: string;
  readonly pipelines: string;
  readonly associations: string;
}

/** https://developers.hubspot.com/docs/api-reference/legacy/overview */
export function pathsOf({ apiVersion }: Pick<HubspotSettings, 'apiVersion'>): Paths {
  if (apiVersion === 'v3') {
    return {
      objects: '/crm/v3/objects',
      owners: '/crm/v3/owners',
      lists: '/crm/v3/lists',
      pipelines: '/crm/v3/pipelines',
      // Associations with labels were the one family that had reached its fourth number.
      associations: '/crm/v4/associations',
    };
  }
  return {
    objects: `/crm/objects/${apiVersion}`,
    owners: `/crm/owners/${apiVersion}`,
    lists: `/crm/lists/${apiVersion}`,
    pipelines: `/crm/pipelines/${apiVersion}`,
    associations: `/crm/associations/${apiVersion}`,
  };
}

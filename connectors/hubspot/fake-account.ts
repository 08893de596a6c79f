import { Hono } from 'hono';
import type { FaultScript } from '#connectors/kit/faults.ts';
import { HubspotRefusal } from './fake-errors.ts';
import { DRIFTING, OPTIONS } from './fake-objects.ts';
import type { FakePortal } from './fake-routes.ts';

/** How the portal's account stands, as its own pages show it. */
export interface FakeAccount {
  timeZone: string;
  dailyLimit: number;
  callsToday: number;
  /** Where the app's webhooks go, if a developer's token may see it. */
  readonly targetUrl: string;
  readonly portalId: number;
}

export function accountRoutes(account: FakeAccount): Hono {
  return new Hono()
    .get('/details', (context) =>
      context.json({
        portalId: account.portalId,
        accountType: 'STANDARD',
        timeZone: account.timeZone,
        companyCurrency: 'EUR',
        additionalCurrencies: [],
        utcOffset: '+00:00',
        utcOffsetMilliseconds: 0,
        uiDomain: 'app.hubspot.com',
        dataHostingLocation: 'na1',
      }),
    )
    .get('/api-usage/daily/private-apps', (context) =>
      context.json({
        results: [
          {
            name: 'private-apps-api-calls-daily',
            currentUsage: account.callsToday,
            usageLimit: account.dailyLimit,
            collectedAt: '2026-11-22T09:00:00Z',
            fetchStatus: 'SUCCESS',
          },
        ],
      }),
    );
}

/** What the app is subscribed to, by HubSpot's classic names. */
const SUBSCRIBED = [
  ['contact.creation'],
  ['contact.merge'],
  ['contact.privacyDeletion'],
  ['contact.propertyChange', 'hubspot_owner_id'],
  ['contact.propertyChange', 'hs_lead_status'],
  ['contact.propertyChange', 'lifecyclestage'],
  ['contact.propertyChange', 'recent_conversion_date'],
  ['deal.creation'],
  ['deal.propertyChange', 'dealstage'],
  ['deal.associationChange'],
  ['object.propertyChange', 'hs_task_status', '0-27'],
] as const;

export function webhookRoutes(account: FakeAccount, faults?: FaultScript): Hono {
  return new Hono()
    .get('/:appId/settings', (context) =>
      context.json({
        targetUrl: account.targetUrl,
        throttling: { period: 'SECONDLY', maxConcurrentRequests: 10 },
        createdAt: '2026-01-01T00:00:00Z',
        updatedAt: '2026-01-01T00:00:00Z',
      }),
    )
    .get('/:appId/subscriptions', (context) =>
      context.json({
        results: SUBSCRIBED.map(([eventType, propertyName, objectTypeId], index) => ({
          id: String(index + 1),
          active: faults?.strikes('webhooks', context.req.path) !== true,
          createdAt: '2026-01-01T00:00:00Z',
          eventType,
          ...(propertyName === undefined ? {} : { propertyName }),
          ...(objectTypeId === undefined ? {} : { objectTypeId }),
        })),
      }),
    );
}

/** Properties of the portal; a contact's job title is the one that drifts away. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  contacts: [
    'email',
    'firstname',
    'lastname',
    'jobtitle',
    'phone',
    'company',
    'website',
    'country',
    'state',
    'industry',
    'message',
    'hubspot_owner_id',
  ],
  deals: ['dealname', 'amount', 'pipeline', 'dealstage', 'closedate', 'description'],
};
const PICKED: Readonly<Record<string, readonly string[]>> = {
  contacts: ['hs_lead_status', 'lifecyclestage'],
};

export function propertyRoutes({ faults }: FakePortal): Hono {
  return new Hono().get('/:kind', (context) => {
    const kind = context.req.param('kind');
    const drifted = faults?.strikes('drift', context.req.path) === true;
    const texts = (TEXTS[kind] ?? []).filter((name) => !drifted || name !== DRIFTING);
    const picked = PICKED[kind] ?? [];
    return context.json({
      results: [
        ...texts.map((name) => property(name, 'string', [])),
        ...picked.map((name) => property(name, 'enumeration', [...(OPTIONS[name] ?? [])])),
        property('hs_object_id', 'number', [], true),
      ],
    });
  });
}

function property(name: string, type: string, options: readonly string[], readOnlyValue = false) {
  return {
    name,
    label: name,
    type,
    fieldType: type === 'enumeration' ? 'select' : 'text',
    groupName: 'information',
    calculated: false,
    options: options.map((value, displayOrder) => ({ label: value, value, displayOrder })),
    modificationMetadata: { readOnlyValue, readOnlyDefinition: true, archivable: false },
  };
}

export interface FakeInstallation {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

/** Access tokens of an app that was installed by OAuth: each lives for half an hour. */
export interface FakeTokens {
  /** How often a token was asked for. */
  asked: number;
  accepts(token: string): 'yes' | 'expired' | 'no';
  /** Makes all tokens that are out worthless, as the removal of the app does. */
  revoke(): void;
}

const LIFE_S = 1_800;

export function fakeTokens(now: () => Date): FakeTokens & { issue(): string } {
  const out = new Map<string, number>();
  return {
    asked: 0,
    issue() {
      this.asked += 1;
      const token = `oauth-${this.asked}`;
      out.set(token, now().getTime() + LIFE_S * 1000);
      return token;
    },
    accepts(token) {
      const until = out.get(token);
      if (until === undefined) return 'no';
      return now().getTime() < until ? 'yes' : 'expired';
    },
    revoke: () => out.clear(),
  };
}

export function oauthRoutes(
  installation: FakeInstallation,
  tokens: { issue(): string },
  hubId: number,
): Hono {
  return new Hono().post('/token', async (context) => {
    const form = new URLSearchParams(await context.req.text());
    const isForm = context.req
      .header('content-type')
      ?.startsWith('application/x-www-form-urlencoded');
    const isOurs =
      isForm === true &&
      form.get('grant_type') === 'refresh_token' &&
      form.get('client_id') === installation.clientId &&
      form.get('client_secret') === installation.clientSecret &&
      form.get('refresh_token') === installation.refreshToken;
    if (!isOurs) {
      throw new HubspotRefusal(400, 'VALIDATION_ERROR', 'missing or invalid refresh token', {
        status: 'BAD_REFRESH_TOKEN',
      });
    }
    return context.json({
      token_type: 'bearer',
      access_token: tokens.issue(),
      refresh_token: installation.refreshToken,
      expires_in: LIFE_S,
      hub_id: hubId,
      scopes: ['crm.objects.contacts.read', 'crm.objects.contacts.write'],
    });
  });
}

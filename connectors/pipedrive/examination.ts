import * as z from 'zod';
import type { Examination } from '#connectors/kit/examination.ts';
import { ask } from './api.ts';
import type { PipedriveCredentials, PipedriveSettings } from './credentials.ts';

const Me = z.object({ id: z.number(), company_name: z.string().nullish() });

const Webhooks = z.array(
  z.object({
    subscription_url: z.string(),
    event_action: z.string(),
    event_object: z.string(),
    version: z.string().nullish(),
    is_active: z.union([z.number(), z.boolean()]).nullish(),
  }),
);

const FOLLOWED = ['person', 'deal', 'activity'];

export const examination: Examination<PipedriveCredentials, PipedriveSettings> = {
  async credentials(context) {
    const { id, company_name } = await ask(context, Me, '/api/v1/users/me');
    if (id === context.settings.userId) {
      return { state: 'ok', says: `Pipedrive knows the hub as user ${id} of ${company_name}.` };
    }
    return {
      state: 'warning',
      says: `The token is of user ${id}, the settings name ${context.settings.userId}.`,
      advice: `Set 'userId' to ${id}, or the hub takes its own writes for news.`,
    };
  },

  async webhooks(context, address) {
    const all = (await ask(context, Webhooks.nullish(), '/api/v1/webhooks')) ?? [];
    const ours = all.filter(
      ({ subscription_url, version, is_active }) =>
        subscription_url === address && version?.startsWith('2') && is_active !== 0 && is_active,
    );
    const missing = FOLLOWED.filter((entity) => !ours.some(hears(entity)));
    if (missing.length === 0) return { state: 'ok', says: 'Pipedrive sends its news here.' };
    return {
      state: 'failure',
      says: `No webhook of version 2 brings ${missing.join(', ')} to ${address}.`,
      advice: 'Make them under Tools and apps → Webhooks, with HTTP authentication.',
    };
  },
};

const hears =
  (entity: string) =>
  ({ event_action, event_object }: z.infer<typeof Webhooks>[number]) =>
    [entity, '*'].includes(event_object) && ['change', '*'].includes(event_action);

import * as z from 'zod';
import type { Examination } from '#connectors/kit/examination.ts';
import type { ApolloContext, ApolloCredentials, ApolloSettings } from './credentials.ts';

export const examination: Examination<ApolloCredentials, ApolloSettings> = {
  /** https://docs.apollo.io/reference/authentication; this question costs no credit. */
  async credentials({ http }: ApolloContext) {
    const { data } = await http.get('/v1/auth/health');
    const { is_logged_in } = Health.parse(data);
    if (is_logged_in) return { state: 'ok', says: 'Apollo takes the API key.' };
    return {
      state: 'failure',
      says: 'Apollo does not know the API key.',
      advice: 'Store a key from Settings → Integrations → API in the credentials.',
    };
  },
};

const Health = z.object({ is_logged_in: z.boolean().default(true) });

import type { Examination } from '#connectors/kit/examination.ts';
import { isHubError } from '#core/errors.ts';
import type { PeopleDataLabsCredentials, PeopleDataLabsSettings } from './credentials.ts';

/** Nobody has it, and a question about nobody costs no credit. */
const NOBODY = 'nobody@baton.invalid';

export const examination: Examination<PeopleDataLabsCredentials, PeopleDataLabsSettings> = {
  async credentials({ http }) {
    try {
      await http.get('/v5/person/enrich', { params: { email: NOBODY } });
      return { state: 'ok', says: 'People Data Labs takes the API key, and there are credits.' };
    } catch (error) {
      if (!isHubError(error) || error.code !== 'enrichment_credits_used_up') throw error;
      return {
        state: 'failure',
        says: 'The credits at People Data Labs are used up.',
        advice: 'Buy some, or wait for the next month; leads go on without enrichment.',
      };
    }
  },
};

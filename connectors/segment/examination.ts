import type { Examination } from '#connectors/kit/examination.ts';
import type { SegmentCredentials, SegmentSettings } from './credentials.ts';

/** Segment takes any well-formed call and drops what its key does not fit, so little can be asked. */
export const examination: Examination<SegmentCredentials, SegmentSettings> = {
  async credentials({ http, credentials }) {
    if (credentials.sourceWriteKey === undefined) {
      return { state: 'ok', says: 'Nothing is sent to Segment: there is no sourceWriteKey.' };
    }
    await http.post('/v1/batch', { batch: [] });
    return {
      state: 'unknown',
      says: 'Segment answers calls with this write key; whether a source has it, it never says.',
      advice: "Look for the hub's events in the debugger of the source.",
    };
  },

  async webhooks({ credentials, settings }, address) {
    if (credentials.bearerToken === undefined && credentials.sharedSecret === undefined) {
      const { sites } = settings;
      return sites.length > 0 || credentials.writeKey === undefined
        ? { state: 'ok', says: 'News comes by the tracking API alone.' }
        : {
            state: 'warning',
            says: 'There is a writeKey, but no site whose pages may use it from a browser.',
            advice: 'List the websites in the setting `sites`, unless only servers send.',
          };
    }
    return {
      state: 'unknown',
      says: 'Segment can not be asked where its webhook destination sends.',
      advice: `Send a test event from the destination to ${address}.`,
    };
  },
};

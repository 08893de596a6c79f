import type { ConnectionState } from '#core/limits/state.ts';

/** What the workers of a hub share of each connection: what is used up, what rests, whether it is down. */
export interface ConnectionStates {
  /** Whether a look at it costs: then workers take several calls at once, and look rarely. */
  readonly leased: boolean;
  /**
   * Reads the state, decides, and keeps what was decided, as if nobody else did; a decision may be
   * asked for more than once. Answering the same state writes nothing. Throws a HubError `retry`
   * when too many others write.
   */
  change<Decision extends { readonly state: ConnectionState }>(
    connection: string,
    decide: (state: ConnectionState) => Decision,
  ): Promise<Decision>;
}

import type { Playbook } from '#core/playbook.ts';
import type { Bus } from './bus.ts';
import type { Mail } from './mail.ts';
import type { Operations } from './operations.ts';
import type { Records } from './records.ts';
import type { Runs } from './runs.ts';
import type { Secrets } from './secrets.ts';

/** Everything a use case may need of the outside. A platform is nothing but one of these. */
export interface Hub {
  readonly records: Records;
  readonly bus: Bus;
  readonly runs: Runs;
  readonly operations: Operations;
  readonly mail: Mail;
  readonly secrets: Secrets;
  readonly playbook: Playbook;
  /** Where the web reaches this hub, without a slash at the end: signed links start with it. */
  readonly publicUrl: string;
  readonly now: () => Date;
  /** Counts up: tells apart what happened in the same millisecond. */
  readonly order: () => number;
}

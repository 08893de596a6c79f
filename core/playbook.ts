import type { Calendars } from './clocks/calendar.ts';
import type { ClockPolicies } from './clocks/ladder.ts';
import type { Tracks } from './nurture/tracks.ts';
import type { People } from './people.ts';
import type { RoutingPolicy } from './routing/policy.ts';
import type { ScoringModel } from './scoring/model.ts';

/** All that ops author, versioned as one by its content hash. */
export interface Playbook {
  readonly version: string;
  /** Workflow documents by id; their language lives outside core. */
  readonly workflows: Readonly<Record<string, unknown>>;
  readonly scoring: Readonly<Record<string, ScoringModel>>;
  readonly routing: Readonly<Record<string, RoutingPolicy>>;
  readonly clocks: ClockPolicies;
  readonly calendars: Calendars;
  readonly people: People;
  readonly tracks: Tracks;
}

/** A mistake that no file shows on its own. */
export interface CrossCheckFinding {
  /** A JSON pointer into the playbook: `/people/salespeople/0/calendar`. */
  readonly path: string;
  readonly message: string;
}

/** Whether what the files of a playbook say of each other is true; empty when it is. */
export function crossCheck(_playbook: Playbook): CrossCheckFinding[] {
  return [];
}

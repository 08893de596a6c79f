import type { Agreement } from './agreement/agreement.ts';
import { checkAgreement } from './agreement/check.ts';
import type { Calendars } from './clocks/calendar.ts';
import type { ClockPolicies } from './clocks/ladder.ts';
import type { AlertPolicy } from './handoff/alert-policy.ts';
import type { Tracks } from './nurture/tracks.ts';
import { calendarIdOf, type People } from './people.ts';
import type { Protection } from './protection/protection.ts';
import { checkPolicy } from './routing/check-policy.ts';
import type { RoutingPolicy } from './routing/policy.ts';
import { Lane, type ScoringModel } from './scoring/model.ts';
import { checkTargets } from './targets/check.ts';
import type { TargetList } from './targets/target-list.ts';

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
  /** How people hear of the rungs of ladders; each alert goes out by itself without it. */
  readonly alerts?: AlertPolicy | undefined;
  /** Whom nobody may talk to too often; nobody is kept from talking without it. */
  readonly protection?: Protection | undefined;
  /** The definition of sales-ready as it is written now; what is in force, the signatures say. */
  readonly agreement?: Agreement | undefined;
  /** The target accounts as they are proposed now; what is agreed, the signatures say. */
  readonly targets?: TargetList | undefined;
}

/** A mistake that no file shows on its own. */
export interface CrossCheckFinding {
  /** A JSON pointer into the playbook: `/people/salespeople/0/calendar`. */
  readonly path: string;
  readonly message: string;
}

/** Reasons that the hub itself gives: after a breach, and where the score asks for no hand-off. */
const SYSTEM_REASONS = ['no_action', 'not_ready'];

type Complain = (path: readonly (string | number)[], message: string) => void;

/**
 * What the files of a playbook say of each other and is not true; empty when all is well. What one
 * file says of itself is its schema's business.
 */
export function crossCheck(playbook: Playbook): CrossCheckFinding[] {
  const findings: CrossCheckFinding[] = [];
  const complain: Complain = (path, message) =>
    findings.push({ path: `/${path.map(escaped).join('/')}`, message });
  checkPeople(playbook, complain);
  for (const [id, policy] of Object.entries(playbook.routing)) {
    checkPolicy(policy, playbook.people, (path, message) =>
      complain(['routing', id, ...path], message),
    );
  }
  checkClocks(playbook, complain);
  checkAlerts(playbook, complain);
  checkTracks(playbook.tracks, complain);
  checkSigned(playbook, complain);
  return findings;
}

const escaped = (part: string | number) => String(part).replaceAll('~', '~0').replaceAll('/', '~1');

const list = (names: readonly string[]) => (names.length === 0 ? 'none' : names.join(', '));

function complainOfRepeats(values: readonly string[], complain: (index: number) => void): void {
  for (const [index, value] of values.entries()) {
    if (values.indexOf(value) < index) complain(index);
  }
}

function checkPeople({ people, calendars, routing }: Playbook, complain: Complain): void {
  const { salespeople, managers = [] } = people;
  const known = [...salespeople, ...managers].map(({ email }) => email.toLowerCase());
  const territories = Object.values(routing).flatMap((policy) => Object.keys(policy.territories));
  complainOfRepeats(
    salespeople.map(({ email }) => email.toLowerCase()),
    (index) => complain(['people', 'salespeople', index, 'email'], 'is there twice'),
  );
  checkWorkplaces(people, calendars, complain);
  for (const [index, { manager, territories: served = [] }] of salespeople.entries()) {
    const at = ['people', 'salespeople', index] as const;
    if (manager !== undefined && !known.includes(manager.toLowerCase())) {
      complain([...at, 'manager'], `"${manager}" is neither a manager nor a salesperson`);
    }
    for (const [place, territory] of served.entries()) {
      if (territories.includes(territory)) continue;
      complain([...at, 'territories', place], `no routing policy has a territory "${territory}"`);
    }
  }
}

/** Calendars and regions that somebody names, and a calendar for everybody. */
function checkWorkplaces(people: People, calendars: Calendars, complain: Complain): void {
  const { salespeople, managers = [], teams = {}, regions = {} } = people;
  const places = [
    ...managers.map(({ calendar }, index) => ({
      one: { calendar, region: undefined },
      path: ['people', 'managers', index] as const,
    })),
    ...salespeople.map((one, index) => ({ one, path: ['people', 'salespeople', index] as const })),
    ...Object.entries(teams).map(([id, one]) => ({ one, path: ['people', 'teams', id] as const })),
    ...Object.entries(regions).map(([id, one]) => ({
      one: { ...one, region: undefined },
      path: ['people', 'regions', id] as const,
    })),
  ];
  for (const { one, path } of places) {
    const { calendar, region } = one;
    if (calendar !== undefined && calendars[calendar] === undefined) {
      const known = list(Object.keys(calendars));
      complain([...path, 'calendar'], `no calendar "${calendar}"; there are ${known}`);
    }
    if (region !== undefined && regions[region] === undefined) {
      const known = list(Object.keys(regions));
      complain([...path, 'region'], `no region "${region}"; there are ${known}`);
    }
  }
  for (const [index, who] of salespeople.entries()) {
    if (calendarIdOf(people, who) !== undefined) continue;
    complain(
      ['people', 'salespeople', index],
      `has no calendar, nor has the team "${who.team}" or a region`,
    );
  }
}

function checkAlerts({ alerts, calendars, people }: Playbook, complain: Complain): void {
  const { onCall = [], quiet } = alerts ?? {};
  const known = [...people.salespeople, ...(people.managers ?? [])].map(({ email }) => email);
  for (const [index, who] of onCall.entries()) {
    if (known.includes(who)) continue;
    complain(['alerts', 'onCall', index], `"${who}" is neither a manager nor a salesperson`);
  }
  const calendar = quiet?.channelCalendar;
  if (calendar === undefined || calendars[calendar] !== undefined) return;
  const ids = list(Object.keys(calendars));
  complain(['alerts', 'quiet', 'channelCalendar'], `no calendar "${calendar}"; there are ${ids}`);
}

function checkClocks({ clocks, calendars }: Playbook, complain: Complain): void {
  for (const [id, { by }] of Object.entries(clocks)) {
    const missing = Lane.options.filter((lane) => by[lane] === undefined);
    if (by.default !== undefined || missing.length === 0) continue;
    complain(['clocks', id, 'by'], `gives no time for ${list(missing)}; add them, or "default"`);
  }
  for (const [id, { hours }] of Object.entries(calendars)) {
    if (Object.values(hours).some((spans) => spans.length > 0)) continue;
    complain(['calendars', id, 'hours'], 'has no working time, so no clock could ever run out');
  }
}

function checkTracks(of: Tracks, complain: Complain): void {
  const { tracks, reasons, salesMayGive, recycling } = of;
  const trackIds = tracks.map(({ id }) => id);
  const codes = reasons.map(({ code }) => code);
  complainOfRepeats(trackIds, (index) =>
    complain(['tracks', 'tracks', index, 'id'], 'is the id of an earlier track'),
  );
  complainOfRepeats(codes, (index) =>
    complain(['tracks', 'reasons', index, 'code'], 'is the code of an earlier reason'),
  );
  for (const [index, { track }] of reasons.entries()) {
    if (track === undefined || trackIds.includes(track)) continue;
    complain(
      ['tracks', 'reasons', index, 'track'],
      `no track "${track}"; there are ${list(trackIds)}`,
    );
  }
  if (recycling !== undefined && !trackIds.includes(recycling.longTerm)) {
    complain(
      ['tracks', 'recycling', 'longTerm'],
      `no track "${recycling.longTerm}"; there are ${list(trackIds)}`,
    );
  }
  for (const [index, code] of salesMayGive.entries()) {
    if (codes.includes(code)) continue;
    complain(['tracks', 'salesMayGive', index], `no reason "${code}"; there are ${list(codes)}`);
  }
  for (const code of SYSTEM_REASONS.filter((reason) => !codes.includes(reason))) {
    complain(['tracks', 'reasons'], `the hub itself gives the reason "${code}"; add it`);
  }
}

/** What lies before its signers, and the reasons that dispute it. */
function checkSigned({ agreement, targets, people, tracks }: Playbook, complain: Complain): void {
  if (agreement !== undefined) {
    checkAgreement(agreement, (path, message) => complain(['agreement', ...path], message));
  }
  if (targets !== undefined) {
    checkTargets(targets, people, (path, message) => complain(['targets', ...path], message));
  }
  const clauses = agreement?.clauses.map(({ id }) => id) ?? [];
  for (const [index, { disputes }] of tracks.reasons.entries()) {
    if (disputes === undefined || clauses.includes(disputes)) continue;
    complain(
      ['tracks', 'reasons', index, 'disputes'],
      `no clause "${disputes}" in agreement.json; there are ${list(clauses)}`,
    );
  }
}

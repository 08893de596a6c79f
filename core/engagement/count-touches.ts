import type { Hub } from '#core/ports/hub.ts';
import type { Records, Write } from '#core/ports/records.ts';
import { Engagement, engagementItem, engagementKey } from '#core/records/engagement.ts';
import { read, readAll } from '#core/records/store.ts';
import {
  TOUCH_PREFIX,
  type Touch,
  Touch as TouchSchema,
  touchesOfPerson,
} from '#core/records/touch.ts';
import { DAY_MS, isDelivery, isMailDeed, ruleFor, scanWindowMs } from '#core/scoring/earning.ts';
import type { ScoringModel } from '#core/scoring/model.ts';
import { pruned, type Tally, tallyOf, withTouch } from '#core/scoring/tally.ts';
import { countDays } from './count-days.ts';
import { countingModels } from './models.ts';
import { touchesBetween } from './touches-between.ts';

type Deps = Pick<Hub, 'records' | 'playbook' | 'now'>;

/**
 * What is to be written in the transaction that gives touches to a person: their engagement with
 * these counted. A touch is told once; in what order they come does not matter. `isNew` spares a
 * look for touches of somebody who has none. A tally that a changed model needs is left to the next
 * rating.
 */
export async function countTouches(
  deps: Deps,
  personId: string,
  touches: readonly Touch[],
  isNew = false,
): Promise<Write[]> {
  if (touches.length === 0) return [];
  const stored = await read(deps.records, Engagement, engagementKey(personId));
  const known = stored?.data.tallies ?? (await countedFirst(deps, personId, isNew));
  const tallies: Record<string, Tally> = {};
  for (const [hash, model] of countingModels(deps.playbook)) {
    const tally = known[hash];
    if (tally === undefined) continue;
    const more = await withTouches(deps, model, tally, { personId, touches });
    tallies[hash] = pruned(model, more, deps.now());
  }
  const put = engagementItem(personId, { tallies }, (stored?.version ?? 0) + 1);
  return [{ put, if: stored === undefined ? 'absent' : { version: stored.version } }];
}

/** Of somebody who has no tally yet, from all touches that they have. */
async function countedFirst(
  { records, playbook }: Deps,
  personId: string,
  isNew: boolean,
): Promise<Engagement['tallies']> {
  const query = { pk: touchesOfPerson(personId), prefix: TOUCH_PREFIX };
  const touches = isNew ? [] : await readAll(records, TouchSchema, query);
  const models = [...countingModels(playbook)];
  return Object.fromEntries(
    models.map(([hash, model]) => [hash, tallyOf(model, touches)] as const),
  );
}

interface Coming {
  readonly personId: string;
  readonly touches: readonly Touch[];
}

async function withTouches(
  { records }: Deps,
  model: ScoringModel,
  tally: Tally,
  coming: Coming,
): Promise<Tally> {
  const { personId, touches } = coming;
  const again: number[] = [];
  let next = tally;
  for (const touch of touches) {
    again.push(...(await daysScanned(records, model, touch, personId)));
    if (await isScanned(records, model, touch, coming)) continue;
    next = withTouch(model, next, touch);
  }
  const days = { personId, days: again, more: touches };
  return again.length === 0 ? next : countDays(records, model, next, days);
}

/** Whether an open or a click came so soon after a delivery that a scanner did it. */
async function isScanned(
  records: Records,
  model: ScoringModel,
  touch: Touch,
  { personId, touches }: Coming,
): Promise<boolean> {
  const withinMs = scanWindowMs(model);
  if (withinMs === 0 || !isMailDeed(touch) || ruleFor(model, touch) === undefined) return false;
  const atMs = Date.parse(touch.at);
  const isJustBefore = (one: Touch) => {
    const ms = Date.parse(one.at);
    return isDelivery(one) && ms <= atMs && atMs - ms <= withinMs;
  };
  if (touches.some(isJustBefore)) return true;
  return (await touchesBetween(records, personId, atMs - withinMs, atMs)).some(isJustBefore);
}

/** The days on which a delivery that is told late turns deeds into a scanner's. */
async function daysScanned(
  records: Records,
  model: ScoringModel,
  touch: Touch,
  personId: string,
): Promise<number[]> {
  const withinMs = scanWindowMs(model);
  if (withinMs === 0 || !isDelivery(touch)) return [];
  const atMs = Date.parse(touch.at);
  const after = await touchesBetween(records, personId, atMs, atMs + withinMs);
  return after.filter(isMailDeed).map(({ at }) => Math.floor(Date.parse(at) / DAY_MS));
}

import { Budget, type BudgetSurroundings } from '#connectors/kit/budget.ts';
import type { Limits } from '#connectors/kit/limits.ts';
import { HubError, isHubError } from '#core/errors.ts';
import { FRESH } from '#core/limits/state.ts';
import type { ConnectionStates } from '#core/ports/budget.ts';
import type { Urgency } from '#core/ports/operations.ts';

const START = Date.parse('2026-12-07T09:00:00.000Z');

export interface StatesWorld {
  /** What one worker has in its hands; each call gives another worker's. */
  openWorker(now: () => Date): ConnectionStates;
  dispose(): Promise<void>;
}

/** What every adapter of the port must do, and what budgets do with it. */
export function connectionStatesContract(
  adapter: string,
  open: () => Promise<StatesWorld>,
  /** Whether several workers share what they have. */
  shared: boolean,
): void {
  describe(adapter, () => {
    let world: StatesWorld;
    let clock: { at: number };
    const now = () => new Date(clock.at);
    beforeEach(async () => {
      world = await open();
      clock = { at: START };
    });
    afterEach(() => world.dispose());

    const budgetOf = (
      limits: Limits,
      more: Partial<BudgetSurroundings> = {},
      states = world.openWorker(now),
      worker = 'one',
    ) =>
      new Budget({ name: 'crm', title: 'Some CRM', now, timeoutMs: 10_000 }, limits, {
        states,
        worker,
        ...more,
      });
    const call = (urgency: Urgency = 'clock') => ({
      method: 'GET',
      path: '/things',
      urgency,
      halfWay: false,
    });
    /** Asks for leave again and again for a while; answers how often it was given. */
    const tally = async (budgets: readonly Budget[], tries: number): Promise<number> => {
      let granted = 0;
      const attempt = async (budget: Budget) => {
        try {
          const leave = await budget.enter(call());
          granted += 1;
          await leave.end({ outage: false });
        } catch (error) {
          if (!isHubError(error, 'retry')) throw error;
        }
      };
      const worker = async (budget: Budget) => {
        for (let n = 0; n < tries; n += 1) await attempt(budget);
      };
      await Promise.all(budgets.map(worker));
      return granted;
    };

    test('a connection nobody called has used nothing', async () => {
      const states = world.openWorker(now);
      const { seen } = await states.change('crm', (state) => ({ state, seen: state }));
      expect(seen).toEqual(FRESH);
    });

    test('what was decided is there for the next, of this connection alone', async () => {
      const states = world.openWorker(now);
      const breaker = { failures: 3, lastFailureAt: START };
      await states.change('crm', (state) => ({ state: { ...state, breaker } }));
      const seen = await states.change('crm', (state) => ({ state }));
      const other = await states.change('map', (state) => ({ state }));
      expect(seen.state.breaker).toEqual(breaker);
      expect(other.state).toEqual(FRESH);
    });

    test('no change is lost when many come at once', async () => {
      const states = world.openWorker(now);
      const one = () =>
        states.change('crm', (state) => ({
          state: { ...state, breaker: { failures: state.breaker.failures + 1 } },
        }));
      await Promise.all(Array.from({ length: 20 }, one));
      const { state } = await states.change('crm', (same) => ({ state: same }));
      expect(state.breaker.failures).toBe(20);
    });

    test('a budget gives no more than its limit, and again when time has passed', async () => {
      const limits: Limits = { rates: [{ name: 'burst', calls: 20, everyMs: 10_000 }] };
      const budget = budgetOf(limits);
      expect(await tally([budget], 30)).toBe(20);
      clock.at += 12_000;
      expect(await tally([budget], 30)).toBe(20);
    });

    test('an outage is told once, calls fail at once, and a probe that is answered ends it', async () => {
      const told: string[] = [];
      const budget = budgetOf(
        { rates: [] },
        {
          tell: async (trouble) => void told.push('step' in trouble ? trouble.step : trouble.kind),
        },
      );
      for (let n = 0; n < 5; n += 1) await (await budget.enter(call())).end({ outage: true });
      await expect(budget.enter(call())).rejects.toMatchObject({
        code: 'connection_down',
        retryAfterMs: 15_000,
        outcomeUnknown: false,
      });
      clock.at += 15_000;
      const probe = await budget.enter(call());
      await expect(budget.enter(call())).rejects.toMatchObject({ code: 'connection_down' });
      await probe.end({ outage: false });
      await (await budget.enter(call())).end({ outage: false });
      expect(told).toEqual(['opened', 'closed']);
    });

    test('a quota that runs low is told once a day', async () => {
      const told: string[] = [];
      const daily = { calls: 100, resets: { midnightIn: 'Europe/Berlin' } };
      const tell = async ({ kind }: { kind: string }) => void told.push(kind);
      const budget = budgetOf({ rates: [], daily }, { tell });
      await tally([budget], 100);
      expect(told).toEqual(['quota']);
      await expect(budget.enter(call())).rejects.toMatchObject({
        code: 'connection_busy',
        limit: 'daily',
        // Midnight in Berlin is 14 hours away.
        retryAfterMs: 14 * 3_600_000,
      });
    });

    if (!shared) return;

    test('several workers together never have more than the limit', async () => {
      const limits: Limits = {
        rates: [{ name: 'burst', calls: 30, everyMs: 10_000 }],
        concurrent: 4,
      };
      const budgets = ['one', 'two', 'three'].map((worker) =>
        budgetOf(limits, {}, world.openWorker(now), worker),
      );
      let granted = 0;
      // Until everything that was granted counts no more.
      for (let step = 0; step < 5; step += 1) {
        granted += await tally(budgets, 6);
        clock.at += 1_000;
      }
      expect(granted).toBeLessThanOrEqual(30);
      expect(granted).toBeGreaterThanOrEqual(15);
    });

    test('what the vendor told one worker holds for all', async () => {
      const limits: Limits = { rates: [{ name: 'burst', calls: 40, everyMs: 10_000 }] };
      const [one, other] = [budgetOf(limits), budgetOf(limits, {}, world.openWorker(now), 'other')];
      const failure = new HubError('retry', 'crm_throttled', 'Too many.', {
        limit: 'burst',
        retryAfterMs: 30_000,
      });
      await (await one.enter(call())).end({ outage: false, failure });
      await expect(other.enter(call())).rejects.toMatchObject({
        code: 'connection_busy',
        limit: 'burst',
        retryAfterMs: 30_000,
      });
    });

    test('looking is cheap: a worker with much to do writes far less than once a call', async () => {
      const states = world.openWorker(now);
      let changes = 0;
      const counted: ConnectionStates = {
        leased: states.leased,
        change: (connection, decide) => {
          changes += 1;
          return states.change(connection, decide);
        },
      };
      const budget = budgetOf(
        { rates: [{ name: 'burst', calls: 200, everyMs: 10_000 }] },
        {},
        counted,
      );
      expect(await tally([budget], 150)).toBe(150);
      expect(changes).toBeLessThan(20);
    });
  });
}

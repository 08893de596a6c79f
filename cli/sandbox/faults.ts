import { Hono } from 'hono';
import * as z from 'zod';
import { type Fault, type FaultRule, FaultScript } from '#connectors/kit/faults.ts';

/** What may be asked to go wrong, and what it looks like. */
export const FAULTS: Readonly<Record<Fault, string>> = {
  throttle: 'refused for the rate',
  quota: "the day's calls are used up",
  token: 'the token in use is no good any more',
  scopes: 'the credentials may not do what the hub needs',
  webhooks: 'the vendor does not send its news to the hub',
  skew: 'the vendor’s clock is ten minutes behind',
  outage: 'the vendor is down',
  'lost-answer': 'a write happens and its answer never comes',
  partial: 'one record of a batch is refused',
  stage: 'a lifecycle stage is taken and not written',
  drift: 'a field is not there any more',
  duplicate: 'news comes twice',
  disorder: 'news overtakes news',
  late: 'news comes hours late',
  miss: 'news never comes',
};

const NAMES = Object.keys(FAULTS) as [Fault, ...Fault[]];

/** What `baton sandbox fault` asks for. Durations as the playbook writes plain time. */
export const FaultOrder = z.strictObject({
  connection: z.string(),
  fault: z.enum(NAMES),
  path: z.string().min(1).optional(),
  times: z.number().int().positive().optional(),
  chance: z.number().min(0).max(1).optional(),
  /** How long from now, in milliseconds. */
  forMs: z.number().positive().optional(),
});
export type FaultOrder = z.infer<typeof FaultOrder>;

/** A rule in words that travel. */
export interface ListedFault {
  readonly connection: string;
  readonly fault: Fault;
  readonly path?: string | undefined;
  readonly times?: number | undefined;
  readonly chance?: number | undefined;
  readonly until?: string | undefined;
}

interface Page {
  readonly rules: FaultRule[];
  readonly script: FaultScript;
}

/** Which faults are in force at which make-believe vendor; scripts follow as rules come and go. */
export class FaultBook {
  readonly #pages: ReadonlyMap<string, Page>;
  readonly #now: () => Date;

  constructor(connections: readonly string[], now: () => Date, random: () => number) {
    this.#now = now;
    this.#pages = new Map(
      connections.map((name) => {
        const rules: FaultRule[] = [];
        return [name, { rules, script: new FaultScript(rules, now, random) }];
      }),
    );
  }

  get connections(): readonly string[] {
    return [...this.#pages.keys()];
  }

  scriptOf(connection: string): FaultScript | undefined {
    return this.#pages.get(connection)?.script;
  }

  /** Answers whether there is such a vendor. */
  add({ connection, forMs, ...rule }: FaultOrder): boolean {
    const page = this.#pages.get(connection);
    if (page === undefined) return false;
    const until = forMs === undefined ? undefined : new Date(this.#now().getTime() + forMs);
    page.rules.push({ ...rule, until });
    return true;
  }

  list(): ListedFault[] {
    const now = this.#now();
    return [...this.#pages].flatMap(([connection, { rules }]) =>
      rules
        .filter(({ until }) => until === undefined || now < until)
        .map(({ until, fault, path, times, chance }) => ({
          ...{ connection, fault, path, times, chance },
          until: until?.toISOString(),
        })),
    );
  }

  /** How often each fault has struck at which vendor, also those whose rules are gone. */
  tally(): Record<string, FaultScript['tally']> {
    return Object.fromEntries([...this.#pages].map(([name, { script }]) => [name, script.tally]));
  }

  /** Everything is well again, at one vendor or at all of them. */
  clear(connection?: string): void {
    for (const [name, { rules }] of this.#pages) {
      if (connection === undefined || connection === name) rules.length = 0;
    }
  }
}

const SKEW_MS = 600_000;

/** The same vendor, whose clock can be told to be wrong. */
export function withSkew(app: Hono, faults: FaultScript | undefined): Hono {
  const front = new Hono();
  front.all('*', async (context) => {
    const answer = await app.fetch(context.req.raw, context.env);
    if (faults?.strikes('skew', context.req.path) !== true) return answer;
    const told = new Response(answer.body, answer);
    told.headers.set('date', new Date(Date.now() - SKEW_MS).toUTCString());
    return told;
  });
  return front;
}

import * as z from 'zod';
import { type ErrorKind, HubError, isHubError } from '#core/errors.ts';
import { Instant } from '#core/events.ts';
import { VERBS, type Verb, type VerbInput, type VerbOutput } from '#core/operations.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { MailMessage } from '#core/ports/mail.ts';
import type { Urgency } from '#core/ports/operations.ts';
import { logItem } from '#core/records/log-entry.ts';
import { read } from '#core/records/store.ts';

/** One outbound write in the ledger. `intended` and no answer yet means: it may have happened. */
const Effect = z.strictObject({
  key: z.string(),
  connection: z.string(),
  operation: z.string(),
  personId: z.string(),
  status: z.enum(['intended', 'done', 'refused']),
  at: Instant,
  tries: z.number().int(),
  /** Set while no try has left the hub: then there is nothing to look for. */
  unsent: z.literal(true).optional(),
  output: z.unknown().optional(),
  error: z.strictObject({ kind: z.string(), code: z.string(), message: z.string() }).optional(),
});
type Effect = z.infer<typeof Effect>;

const effectKey = (key: string) => ({ pk: `EFFECT#${key}`, sk: 'EFFECT' });

type Deps = Pick<Hub, 'records' | 'operations' | 'mail' | 'now' | 'order'>;

interface Performance {
  /** Run, step and round, so that a step run twice writes once. */
  readonly key: string;
  readonly personId: string;
  readonly connection: string;
  /** What the timeline says. */
  readonly title: string;
  readonly urgency?: Urgency | undefined;
}

/**
 * Writes to a vendor, once in effect. The intent is durable before the call and the answer after
 * it; a call whose answer was lost is looked for before it is made again. A refusal that no retry
 * can mend is kept and thrown again.
 */
export async function perform<V extends Verb>(
  deps: Deps,
  what: Performance & { readonly verb: V; readonly input: VerbInput<V> },
): Promise<VerbOutput<V>> {
  const output = await performOperation(deps, { ...what, operation: what.verb });
  return VERBS[what.verb].output.parse(output) as VerbOutput<V>;
}

/** The same for an operation that only one vendor has. */
export function performOperation(
  deps: Deps,
  what: Performance & { readonly operation: string; readonly input: unknown },
): Promise<unknown> {
  const { key, connection, operation, input, urgency } = what;
  return once(deps, what, operation, (recovering) =>
    deps.operations.call({ connection, operation, input, key, recovering, urgency }),
  );
}

/**
 * Sends a mail. A mail server can't be asked what it took, so a mail whose answer was lost goes
 * again under the same Message-ID, by which mailboxes keep one.
 */
export async function performMail(
  deps: Deps,
  what: Omit<Performance, 'connection'> & { readonly mail: Omit<MailMessage, 'messageId'> },
): Promise<void> {
  const messageId = `${what.key.replaceAll(/[^A-Za-z0-9.-]/g, '.')}@baton`;
  await once(deps, { ...what, connection: 'mail' }, 'mail.send', async () => {
    await deps.mail.send({ ...what.mail, messageId });
    return {};
  });
}

async function once(
  deps: Deps,
  what: Performance,
  operation: string,
  call: (recovering: boolean) => Promise<unknown>,
): Promise<unknown> {
  const stored = await read(deps.records, Effect, effectKey(what.key));
  if (stored?.data.status === 'done') return stored.data.output;
  if (stored?.data.error !== undefined) throw refusal(stored.data.error);

  const intent: Effect = {
    key: what.key,
    connection: what.connection,
    operation,
    personId: what.personId,
    status: 'intended',
    at: deps.now().toISOString(),
    tries: (stored?.data.tries ?? 0) + 1,
  };
  const version = (stored?.version ?? 0) + 1;
  await writeIntent(deps, intent, stored?.version);
  const recovering = stored !== undefined && stored.data.unsent !== true;
  let output: unknown;
  try {
    output = await call(recovering);
  } catch (error) {
    if (!recovering && wasHeldBack(error)) await keepUnsent(deps, intent, version);
    if (isHubError(error) && !isHubError(error, 'retry', 'defect')) {
      const { kind, code, message } = error;
      await close(
        deps,
        what,
        { ...intent, status: 'refused', error: { kind, code, message } },
        version + 1,
      );
    }
    throw error;
  }
  await close(deps, what, { ...intent, status: 'done', output }, version + 1);
  return output;
}

/** Whether the hub itself held the call back: the connection's budget, or its breaker. */
const wasHeldBack = (error: unknown) =>
  isHubError(error, 'retry') && HELD_BACK.has(error.code) && !error.outcomeUnknown;

const HELD_BACK = new Set(['connection_busy', 'connection_down']);

async function keepUnsent(deps: Deps, intent: Effect, version: number): Promise<void> {
  await unlessContended(intent.key, () =>
    deps.records.write([{ put: item({ ...intent, unsent: true }, version + 1), if: { version } }]),
  );
}

async function writeIntent(deps: Deps, intent: Effect, found: number | undefined): Promise<void> {
  await unlessContended(intent.key, () =>
    deps.records.write([
      {
        put: item(intent, (found ?? 0) + 1),
        if: found === undefined ? 'absent' : { version: found },
      },
    ]),
  );
}

/** Whoever was overtaken asks again and finds the other's answer: that is no refusal by the vendor. */
async function unlessContended(key: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isHubError(error, 'conflict')) throw error;
    throw new HubError(
      'retry',
      'effect_contended',
      `The effect ${key} is being written by somebody else.`,
      { cause: error },
    );
  }
}

async function close(
  deps: Deps,
  what: Performance,
  effect: Effect,
  version: number,
): Promise<void> {
  const at = deps.now().toISOString();
  const { connection, operation, status, tries, error } = effect;
  const log = logItem(deps, what.personId, what.key, {
    at,
    kind: 'effect',
    title: status === 'done' ? what.title : `refused: ${what.title}`,
    detail: { connection, operation, key: what.key, tries, ...(error && { error }) },
  });
  await unlessContended(what.key, () =>
    deps.records.write([
      { put: item({ ...effect, at }, version), if: { version: version - 1 } },
      { put: log },
    ]),
  );
}

const item = (effect: Effect, version: number) => ({
  ...effectKey(effect.key),
  type: 'effect',
  version,
  data: effect,
});

function refusal(error: { kind: string; code: string; message: string }): HubError {
  return new HubError(error.kind as ErrorKind, error.code, error.message);
}

import * as z from 'zod';
import { connectors } from '#connectors/index.ts';
import type { PersonFacts } from '#core/events.ts';
import { shortHash } from '#core/hash.ts';
import { VERBS, type Verb, type VerbInput, type VerbOutput } from '#core/operations.ts';
import type { Mail } from '#core/ports/mail.ts';
import type { OperationCall, Operations } from '#core/ports/operations.ts';

/** An invitation that a salesperson, or a queue's channel, would have seen. */
export interface Invitation {
  /** With its round, as buttons carry it. */
  readonly handoffId: string;
  readonly to: string;
}

/** What a rehearsal wrote down in the place of sending it. */
export interface Recorder {
  readonly operations: Operations;
  readonly mail: Mail;
  /** How many calls of each verb there were; `mail.send` is among them. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Roles and the one connection that plays each; analytics is never told of what did not happen. */
const PLAYERS = { crm: 'crm', map: 'map', chat: 'chat', enrichment: 'enrichment' } as const;

/**
 * Answers every call as a vendor would that has nothing against it, and sends nothing: no address,
 * credential or socket is in reach from here.
 */
export function openRecorder(world: {
  /** Told of each invitation as it is given. */
  readonly onInvitation?: ((invitation: Invitation) => void) | undefined;
  /** What the enrichment vendor would know. */
  readonly enrich?: ((email: string) => PersonFacts | undefined) | undefined;
}): Recorder {
  const counts = new Map<string, number>();
  const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
  const answers = answersOf(world);
  return {
    counts,
    operations: {
      inRole: (role) => (role in PLAYERS ? [PLAYERS[role as keyof typeof PLAYERS]] : []),
      ofVendor: (vendor) => [vendor],
      fieldsOf,
      async call(call) {
        count(call.operation);
        if (!isVerb(call.operation)) return {};
        const answer = answers[call.operation] as (input: unknown, call: OperationCall) => unknown;
        return answer(VERBS[call.operation].input.parse(call.input), call);
      },
    },
    mail: {
      send: async () => void count('mail.send'),
    },
  };
}

const isVerb = (operation: string): operation is Verb => Object.hasOwn(VERBS, operation);

function fieldsOf(connection: string, operation: string): string[] {
  const input = isVerb(operation)
    ? VERBS[operation].input
    : connectors[connection]?.operations[operation]?.input;
  return input instanceof z.ZodObject ? Object.keys(input.shape) : [];
}

type Answers = { [V in Verb]: (input: VerbInput<V>, call: OperationCall) => VerbOutput<V> };

function answersOf({ onInvitation, enrich }: Parameters<typeof openRecorder>[0]): Answers {
  return {
    'person.upsert': ({ record, email }, { connection, key }) => ({
      record: record ?? { kind: 'lead', id: shortHash(connection, email ?? key) },
      created: record === undefined,
    }),
    'person.read': ({ record }) => ({ record, facts: {} }),
    'person.assign': ({ owner }) => ({ ownerId: owner }),
    'person.status': () => ({}),
    'task.create': (_input, { key }) => ({ task: { kind: 'task', id: key } }),
    'task.close': () => ({}),
    'list.add': () => ({ added: true }),
    'list.remove': () => ({ removed: true }),
    'message.post': ({ to, handoffId, actions }, { key }) => {
      if (handoffId !== undefined && actions.includes('accept')) onInvitation?.({ handoffId, to });
      return { channel: to, message: key };
    },
    'message.update': () => ({}),
    'person.enrich': ({ email }) => {
      const facts = enrich?.(email);
      return facts === undefined ? { status: 'miss' } : { status: 'hit', facts, confidence: 1 };
    },
    'conversion.report': () => ({}),
  };
}

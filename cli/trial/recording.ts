import * as z from 'zod';
import { connectors } from '#connectors/index.ts';
import { HubError } from '#core/errors.ts';
import type { MailMessage } from '#core/ports/mail.ts';
import type { OperationCall, Operations } from '#core/ports/operations.ts';
import type { Given } from '#workflows/trial/tests-file.ts';

/** Vendors that write down what they are asked, and reach nobody. */
export interface Recording {
  readonly operations: Operations;
  readonly mail: { send(message: MailMessage): Promise<void> };
  asked(): string[];
  notified(): string[];
}

const ROLES = ['crm', 'map', 'chat', 'analytics'] as const;

/** Makes them: each role is played by one that is called like it, and each vendor by itself. */
export function record({ enrichment, refused, answers }: Given): Recording {
  const calls: OperationCall[] = [];
  const mails: MailMessage[] = [];
  const usual: Readonly<Record<string, (key: string) => unknown>> = {
    'person.upsert': () => ({ record: { kind: 'lead', id: 'lead-1' }, created: true }),
    'person.assign': () => ({ ownerId: 'owner-1' }),
    'task.create': (key) => ({ task: { kind: 'task', id: key } }),
    'message.post': (key) => ({ channel: 'channel', message: key }),
    'list.add': () => ({ added: true }),
    'list.remove': () => ({ removed: true }),
    'person.enrich': () =>
      enrichment === undefined
        ? { status: 'miss' }
        : { status: 'hit', facts: enrichment, confidence: 1 },
  };
  const asksEnrichment = enrichment !== undefined || refused.includes('person.enrich');
  return {
    asked: () => [...new Set(calls.map(({ operation }) => operation))].sort(),
    notified: () => {
      const posts = calls.filter(({ operation }) => operation === 'message.post');
      const posted = posts.map(({ input }) => String((input as { to?: unknown }).to));
      return [...new Set([...posted, ...mails.map(({ to }) => to)])].sort();
    },
    mail: { send: async (message) => void mails.push(message) },
    operations: {
      inRole: (role) => {
        if (role === 'enrichment') return asksEnrichment ? ['enrichment'] : [];
        return ROLES.filter((one) => one === role);
      },
      ofVendor: (vendor) => [vendor],
      fieldsOf: (vendor, operation) => {
        const input = connectors[vendor]?.operations[operation]?.input;
        return input instanceof z.ZodObject ? Object.keys(input.shape) : [];
      },
      async call(call) {
        calls.push(call);
        const { operation, key } = call;
        if (!refused.includes(operation))
          return answers[operation] ?? usual[operation]?.(key) ?? {};
        throw new HubError('config', 'refused_in_test', `The test has ${operation} refused.`);
      },
    },
  };
}

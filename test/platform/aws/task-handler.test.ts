import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import { describeFailure } from '#platform/aws/describe-failure.ts';
import { readEnv } from '#platform/aws/env.ts';
import { taskHandler } from '#platform/aws/task-handler.ts';
import { silenced } from '#test/support/silenced.ts';

const context = (remainingMs: number) =>
  ({ getRemainingTimeInMillis: () => remainingMs }) as Context;

describe('taskHandler', () => {
  test('answers what the step answers', async () => {
    const handler = taskHandler(async (call) => ({ call }));
    expect(await handler({ use: 'score' }, context(60_000))).toEqual({ call: { use: 'score' } });
  });

  test('throws the error itself, so that its name reaches the state machine', async () => {
    const error = new HubError('retry', 'vendor_down', 'later');
    const handler = taskHandler(async () => {
      throw error;
    });
    const { result, logged } = await silenced(() =>
      handler({}, context(60_000)).catch((thrown: unknown) => thrown),
    );
    expect(result).toBe(error);
    expect((result as Error).name).toBe('HubError.retry');
    expect(logged).toEqual([expect.objectContaining({ code: 'vendor_down' })]);
  });

  test('ends in time with an error that is tried again', async () => {
    const handler = taskHandler(() => new Promise(() => undefined));
    const { result } = await silenced(() =>
      handler({}, context(1_050)).catch((thrown: unknown) => thrown),
    );
    expect(result).toMatchObject({
      name: 'HubError.retry',
      code: 'task_timed_out',
      outcomeUnknown: true,
    });
  });
});

describe('describeFailure', () => {
  test('says nothing of what a cause carries', () => {
    const cause = Object.assign(new Error('Request failed'), {
      config: { headers: { Authorization: 'Bearer hidden' } },
    });
    const described = describeFailure(new HubError('retry', 'down', 'later', { cause }));
    expect(described).toMatchObject({
      errorType: 'HubError.retry',
      code: 'down',
      errorMessage: 'later',
      cause: 'Error: Request failed',
    });
    expect(JSON.stringify(described)).not.toContain('hidden');
  });

  test('can describe anything that was thrown', () => {
    expect(describeFailure('secret text')).toEqual({ errorType: 'string' });
  });
});

describe('readEnv', () => {
  test('answers what the schema makes of it', () => {
    process.env['BATON_TEST_PORT'] = '8080';
    const Env = z.object({ BATON_TEST_PORT: z.coerce.number() });
    expect(readEnv(Env)).toEqual({ BATON_TEST_PORT: 8080 });
    delete process.env['BATON_TEST_PORT'];
  });

  test('names what is missing or malformed, and no value', () => {
    process.env['BATON_TEST_URL'] = 'hush';
    const Env = z.object({ BATON_TEST_URL: z.url(), BATON_TEST_NAME: z.string() });
    const read = () => readEnv(Env);
    expect(read).toThrow(/BATON_TEST_URL.*BATON_TEST_NAME/);
    expect(read).not.toThrow(/hush/);
    delete process.env['BATON_TEST_URL'];
  });
});

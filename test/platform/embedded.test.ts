import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Envelope } from '#core/ports/inbox.ts';
import type { MailMessage } from '#core/ports/mail.ts';
import { embeddedBus } from '#platform/embedded/embedded-bus.ts';
import { embeddedInbox } from '#platform/embedded/embedded-inbox.ts';
import { openEngine } from '#platform/embedded/engine.ts';
import { startFakeMailbox } from '#platform/embedded/fake-mailbox.ts';
import { fileSecrets } from '#platform/embedded/file-secrets.ts';
import type { Job, Jobs } from '#platform/embedded/jobs.ts';
import { unpack } from '#platform/embedded/run-text.ts';
import { smtpMail } from '#platform/embedded/smtp-mail.ts';
import { MORNING, openStore } from '#test/support/embedded-store.ts';
import { playRuns } from '#test/support/played-runs.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { busContract } from './bus.contract.ts';
import { inboxContract } from './inbox.contract.ts';
import { mailContract } from './mail.contract.ts';
import { recordsContract } from './records.contract.ts';
import { runsContract, type WaitEnd } from './runs.contract.ts';
import { secretsContract } from './secrets.contract.ts';

recordsContract('embeddedRecords', async () => {
  const { records, dispose } = openStore();
  return { records, dispose: async () => dispose() };
});

/** Takes out all jobs of a store in order, as a worker that does nothing with them. */
function drained(jobs: Jobs, keep: boolean): unknown[] {
  const payloads: unknown[] = [];
  for (let job = jobs.take(MORNING.getTime()); isJob(job); job = jobs.take(MORNING.getTime())) {
    payloads.push(job.payload);
    jobs.finish(job, keep);
  }
  return payloads;
}

const isJob = (taken: ReturnType<Jobs['take']>): taken is Job =>
  taken !== undefined && 'payload' in taken;

inboxContract('embeddedInbox', async () => {
  const { db, jobs, now, dispose } = openStore();
  return {
    inbox: embeddedInbox(db, jobs, now),
    drain: async () => drained(jobs, true) as Envelope[],
    dispose: async () => dispose(),
  };
});

busContract('embeddedBus', async () => {
  const { db, jobs, now, dispose } = openStore();
  return {
    bus: embeddedBus(db, jobs, now),
    heard: async () => drained(jobs, false) as never,
    dispose: async () => dispose(),
  };
});

const WAITING = {
  QueryLanguage: 'JSONata',
  StartAt: 'wait',
  States: {
    wait: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: { FunctionName: 'await', Payload: { token: '{% $states.context.Task.Token %}' } },
      Catch: [
        {
          ErrorEquals: ['States.ALL'],
          Output: {
            error: '{% $states.errorOutput.Error %}',
            cause: '{% $states.errorOutput.Cause %}',
          },
          Next: 'end',
        },
      ],
      Output: { output: '{% $states.result %}' },
      Next: 'end',
    },
    end: { Type: 'Succeed' },
  },
};

runsContract('the embedded engine', async () => {
  const store = openStore();
  const { db, jobs, now, dispose } = store;
  const tokens: string[] = [];
  const engine = openEngine({ db, jobs, now, definitions: { waiting: WAITING } });
  const play = playRuns(store, engine, {
    await: async (payload) => {
      tokens.push((payload as { token: string }).token);
    },
  });
  const stateOf = (name: string) => {
    const { state } = db.sql.prepare('select state from runs where name = ?').get(name) as {
      state: string | Buffer;
    };
    return JSON.parse(unpack(state)) as { status: string; output: WaitEnd };
  };
  let waits = 0;
  return {
    runs: engine,
    workflow: 'waiting',
    started: async () => {
      const rows = db.sql.prepare('select state from runs order by started_at, name').all();
      return rows.map(
        (row) => (JSON.parse(unpack((row as { state: string | Buffer }).state)) as Started).input,
      );
    },
    async openWait() {
      waits += 1;
      const name = `wait-${waits}`;
      await engine.start({ workflow: 'waiting', name, input: { person: 'p1' } });
      await play();
      const token = tokens.at(-1) ?? '';
      return {
        token,
        async end() {
          await play();
          const { status, output } = stateOf(name);
          return status === 'SUCCEEDED' ? output : undefined;
        },
      };
    },
    dispose: async () => dispose(),
  };
});

interface Started {
  readonly input: unknown;
}

secretsContract('fileSecrets', async ({ credentials, signingKey }) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder.path, 'secrets.json'), JSON.stringify(credentials), { mode: 0o600 });
  if (signingKey !== undefined) writeFileSync(join(folder.path, 'signing-key'), `${signingKey}\n`);
  return {
    secrets: fileSecrets(folder.path, {}),
    dispose: async () => folder[Symbol.dispose](),
  };
});

mailContract('smtpMail', async () => {
  const mailbox = await startFakeMailbox({ now: () => MORNING });
  const { host, port } = mailbox;
  const mail = smtpMail({ host, port, secure: false, from: 'baton@northwind.example' });
  return {
    mail,
    arrived: async () =>
      mailbox.mails.map(
        ({ to, subject, text, html }): Omit<MailMessage, 'messageId'> => ({
          to,
          subject,
          // SMTP ends every body with a line break; the sender's has none.
          text: text.replaceAll('\r\n', '\n').replace(/\n$/, ''),
          html: html.replace(/\n$/, ''),
        }),
      ),
    async goDown() {
      mailbox.outageUntil = new Date(MORNING.getTime() + 3_600_000);
    },
    async dispose() {
      mail.close();
      await mailbox.close();
    },
  };
});

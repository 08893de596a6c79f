import { openEngine } from '#platform/embedded/engine.ts';
import { openStore } from '#test/support/embedded-store.ts';
import { playRuns } from '#test/support/played-runs.ts';

const wait = (use: string, next: string) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Arguments: {
    FunctionName: 'ask',
    Payload: { use, token: '{% $states.context.Task.Token %}' },
  },
  TimeoutSeconds: 2_592_000,
  Next: next,
});
const act = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Next: 'end' };
const machine = (output: string, states: object = { wait: wait('wait', 'act') }) => ({
  QueryLanguage: 'JSONata',
  StartAt: Object.keys(states)[0],
  States: {
    ...states,
    act: { ...act, Arguments: { FunctionName: 'act', Payload: {} } },
    end: { Type: 'Succeed', Output: output },
  },
});
const OLD = { version: 'old', definitions: { lead: machine('old') } };
const NEW = { version: 'new', definitions: { lead: machine('new') } };

/** A hub whose runs wait for an answer; `busy` keeps those that act from coming to an end. */
function openWaiting() {
  const store = openStore();
  const { db, jobs, now } = store;
  const engine = openEngine({ db, jobs, now, ...OLD });
  const tokens: string[] = [];
  const lookedUp: (string | undefined)[] = [];
  return {
    ...store,
    engine,
    tokens,
    lookedUp,
    play: playRuns(store, engine, {
      ask: async (asked) => void tokens.push((asked as { token: string }).token),
      act: async () => void lookedUp.push(engine.versionOf('one')),
    }),
    begin: (name: string) => engine.start({ workflow: 'lead', name, input: { person: 'p' } }),
    output: (name: string) => {
      const row = db.sql.prepare('select state from runs where name = ?').get(name);
      return (JSON.parse(String((row as { state: string }).state)) as { output?: unknown }).output;
    },
    [Symbol.dispose]: store.dispose,
  };
}

async function afterChange(rules: Parameters<ReturnType<typeof openEngine>['bringIn']>[0]) {
  const world = openWaiting();
  await world.begin('one');
  await world.play();
  world.engine.bringIn(rules);
  await world.engine.succeed(world.tokens[0] ?? '', {});
  await world.play();
  return world;
}

test('a run that is pinned ends by the version it began with, and looks up what that says', async () => {
  using world = await afterChange({ ...NEW, running: 'pin' });
  expect(world.output('one')).toBe('old');
  expect(world.lookedUp).toEqual(['old']);
  await world.begin('two');
  expect(world.engine.versionOf('two')).toBe('new');
});

test('a run that migrates goes on by the new version from the step it waits in', async () => {
  using world = await afterChange({ ...NEW, running: 'migrate' });
  expect(world.output('one')).toBe('new');
  expect(world.lookedUp).toEqual(['new']);
});

test.each([
  ['is gone', { other: wait('wait', 'act') }],
  ['is of another kind', { wait: wait('hand-off', 'act') }],
])('a run whose step %s stays with its version until a step that is in both', async (_, states) => {
  const definitions = { lead: machine('new', states) };
  using world = await afterChange({ ...NEW, definitions, running: 'migrate' });
  expect(world.lookedUp).toEqual(['old']);
  expect(world.output('one')).toBe('new');
});

test('a run whose workflow is gone stays with its own version', async () => {
  using world = await afterChange({ ...NEW, definitions: {}, running: 'migrate' });
  expect(world.output('one')).toBe('old');
});

test('a new run begins once every older one has come to rest', async () => {
  using world = openWaiting();
  await world.begin('one');
  world.engine.bringIn({ ...NEW, running: 'drain' });
  await expect(world.begin('two')).rejects.toMatchObject({
    name: 'HubError.retry',
    code: 'playbook_draining',
  });
  await world.play();
  await world.begin('two');
  expect(world.engine.versionOf('one')).toBe('old');
  expect(world.engine.versionOf('two')).toBe('new');
});

test('what a run goes by outlives the process', async () => {
  using world = openWaiting();
  await world.begin('one');
  const { db, jobs, now } = world;
  const again = openEngine({ db, jobs, now, ...NEW });
  expect(again.versionOf('one')).toBe('old');
  expect(again.versionOf('nobody')).toBeUndefined();
});

import {
  applications,
  bringIntoForce,
  inForce,
  noteClocksMoved,
  textsOf,
} from '#core/versions/versions.ts';
import { openStore } from '#test/support/embedded-store.ts';
import { failingAtWrite } from '#test/support/failing-records.ts';

const applying = (version: string) => ({
  version,
  files: { 'clocks.json': `"${version}"` },
  by: 'mira',
  running: 'pin' as const,
  clocks: 'keep' as const,
});

test('a store that was told of no version has none', async () => {
  using store = openStore();
  expect(await inForce(store.records)).toBeUndefined();
  expect(await applications(store.records)).toEqual([]);
  expect(await textsOf(store.records, 'none')).toBeUndefined();
});

test('every version stays with its texts, who brought it into force, and when', async () => {
  using store = openStore();
  await bringIntoForce(store, applying('one'));
  await bringIntoForce(store, applying('two'));
  await bringIntoForce(store, { ...applying('one'), by: 'jo', running: 'migrate' });
  expect(await inForce(store.records)).toMatchObject({ number: 3, version: 'one', from: 'two' });
  const all = await applications(store.records);
  expect(all.map(({ number, version, by, running }) => [number, version, by, running])).toEqual([
    [3, 'one', 'jo', 'migrate'],
    [2, 'two', 'mira', 'pin'],
    [1, 'one', 'mira', 'pin'],
  ]);
  expect(await textsOf(store.records, 'two')).toEqual({ 'clocks.json': '"two"' });
});

test('the same version again changes nothing, unless its rules differ', async () => {
  using store = openStore();
  await bringIntoForce(store, applying('one'));
  expect(await bringIntoForce(store, applying('one'))).toMatchObject({ changed: false });
  const again = { ...applying('one'), clocks: 'earlier' as const };
  expect(await bringIntoForce(store, again)).toMatchObject({
    changed: true,
    inForce: { number: 2, clocksMoved: false },
  });
  await noteClocksMoved(store.records, 1);
  expect(await inForce(store.records)).toMatchObject({ clocksMoved: false });
  await noteClocksMoved(store.records, 2);
  expect(await inForce(store.records)).toMatchObject({ clocksMoved: true });
});

test('all of it or nothing: a hub that dies in the write has the version before', async () => {
  using store = openStore();
  await bringIntoForce(store, applying('one'));
  const dying = { ...store, records: failingAtWrite(store.records, 1) };
  await expect(bringIntoForce(dying, applying('two'))).rejects.toMatchObject({ code: 'cut_off' });
  expect(await inForce(store.records)).toMatchObject({ version: 'one' });
  expect(await textsOf(store.records, 'two')).toBeUndefined();
});

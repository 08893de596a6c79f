import { openPlain } from './kit-vendor.ts';

const many = (count: number, call: () => Promise<unknown>) =>
  Promise.all(Array.from({ length: count }, call));

test('many callers at once ask for one token', async () => {
  await using plain = await openPlain();
  await many(20, () => plain.call());
  expect(plain.vendor).toMatchObject({ tokens: 1, calls: 20 });
});

test('a token that is killed in the middle is fetched anew once, and each call repeated once', async () => {
  await using plain = await openPlain();
  await plain.call();
  plain.vendor.good.clear();
  await many(20, () => plain.call());
  expect(plain.vendor.tokens).toBe(2);
  const [first, second] = ['first-1', 'first-2'].map(
    (token) => plain.vendor.authorisations.filter((one) => one === token).length,
  );
  expect(second).toBe(20);
  // The one that went well, and those that were refused before the new token was there.
  expect(first).toBeLessThanOrEqual(21);
});

test('a call is repeated once only, however often its token is refused', async () => {
  await using plain = await openPlain();
  plain.vendor.answers = () => new Response('{}', { status: 401 });
  await expect(plain.call()).rejects.toMatchObject({ code: 'plain_refused' });
  expect(plain.vendor).toMatchObject({ tokens: 2, calls: 2 });
});

test('a changed secret is used from the next call on, with a token of its own', async () => {
  let secret = 'first';
  await using plain = await openPlain(undefined, {}, { secret: () => secret });
  await plain.call();
  secret = 'second';
  await plain.call();
  await plain.call();
  expect(plain.vendor.authorisations).toEqual(['first-1', 'second-2', 'second-2']);
});

test('a token that cannot be had holds up nobody who asks later', async () => {
  await using plain = await openPlain({ rates: [], concurrent: 1 });
  plain.vendor.keepsTokens = true;
  await expect(plain.call()).rejects.toMatchObject({ code: 'plain_down' });
  plain.vendor.keepsTokens = false;
  await plain.call();
});

import fc from 'fast-check';
import {
  companyDomain,
  isFreemail,
  providerKind,
  registrableDomain,
} from '#core/identity/domain.ts';
import { cleanName, normaliseEmail } from '#core/identity/normalise.ts';

test.each([
  ['an address', 'joe@acme.com', 'acme.com'],
  ['an address under a subdomain', 'joe@mail.acme.co.uk', 'acme.co.uk'],
  ['capitals and spaces', ' Joe@ACME.Com ', 'acme.com'],
  ['a page', 'https://www.acme.com/about?x=joe@other.org', 'acme.com'],
  ['a page with a login', 'https://joe:secret@www.acme.com/', 'acme.com'],
  ['a site without its scheme', 'www.acme.com/about', 'acme.com'],
  ['a name under a public suffix of a company', 'https://acme.github.io', 'acme.github.io'],
  ['a domain with an umlaut', 'info@www.müller.de', 'müller.de'],
  ['a reserved domain', 'joe@northwind.example', 'northwind.example'],
  ['an address of numbers', 'http://192.168.0.1/x', undefined],
  ['a suffix alone', 'co.uk', undefined],
  ['a machine', 'localhost', undefined],
  ['nothing', '', undefined],
])('the registrable domain of %s', (_, text, domain) => {
  expect(registrableDomain(text)).toBe(domain);
});

test.each([
  'gmail.com',
  'Joe@GMail.com',
  'gmx.de',
  'web.de',
  'outlook.com',
  'proton.me',
  'fastmail.com',
  'mailinator.com',
  'yahoo.co.uk',
])('%s is a provider of mailboxes', (domain) => {
  expect(isFreemail(domain)).toBe(true);
});

test.each([
  ...[
    'gmail.com',
    'outlook.com',
    'gmx.de',
    'web.de',
    'proton.me',
    'qq.com',
    'yahoo.co.uk',
    'wp.pl',
  ].map((domain) => ['free', domain]),
  ...[
    'mailinator.com',
    'guerrillamail.com',
    '10minutemail.com',
    'yopmail.com',
    'trashmail.com',
  ].map((domain) => ['disposable', domain]),
  ...['temp-mail.org', 'getnada.com', 'maildrop.cc', 'burnermail.io', 'joe@mail.spam4.me'].map(
    (domain) => ['disposable', domain],
  ),
  ...['comcast.net', 't-online.de', 'orange.fr', 'libero.it', 'btinternet.com', 'ziggo.nl'].map(
    (domain) => ['access', domain],
  ),
  ...[
    'telenet.be',
    'bluewin.ch',
    'shaw.ca',
    'uol.com.br',
    'ocn.ne.jp',
    'bigpond.com',
    'joe@a1.net',
  ].map((domain) => ['access', domain]),
  ...[
    'siemens.com',
    'vodafone.com',
    'orange.com',
    'telekom.de',
    'northwind.example',
    'nonsense',
  ].map((domain) => [undefined, domain]),
])('of kind %s is %s', (kind, domain) => {
  expect(providerKind(domain ?? '')).toBe(kind);
});

test.each([
  'siemens.com',
  'sap.com',
  'bosch.com',
  'ibm.com',
  'google.com',
  'microsoft.com',
  'apple.com',
  'bt.com',
  'sky.com',
  'hubspot.com',
  'acme.com',
  'globex.com',
  'northwind.example',
  'example.com',
  'lufthansa.com',
  'mit.edu',
])('%s is an employer', (domain) => {
  expect(isFreemail(domain)).toBe(false);
});

test.each([
  ['by the address', { email: 'joe@mail.acme.com' }, 'acme.com'],
  [
    'by the address before the website',
    { email: 'joe@acme.com', website: 'globex.com' },
    'acme.com',
  ],
  [
    'by the website where the address is private',
    { email: 'joe@gmail.com', website: 'https://www.globex.com' },
    'globex.com',
  ],
  ['not by a private address', { email: 'joe@gmail.com' }, undefined],
  [
    'not by a page on a platform',
    { email: 'joe@gmail.com', website: 'https://linkedin.com/company/acme' },
    undefined,
  ],
  ['not by half an address', { email: 'acme.com' }, undefined],
  ['not by nothing', {}, undefined],
])('a company is known %s', (_, person, domain) => {
  expect(companyDomain(person)).toBe(domain);
});

test.each([
  ['spaces and capitals', ' Joe.Doe@ACME.com ', 'joe.doe@acme.com'],
  ['a plus is kept', 'joe+baton@acme.com', 'joe+baton@acme.com'],
  ['a name around it', 'Joe Doe <Joe@acme.com>', 'joe@acme.com'],
  ['a link', 'mailto:joe@acme.com', 'joe@acme.com'],
  ['no domain', 'joe@', undefined],
  ['no dot', 'joe@acme', undefined],
  ['two addresses', 'joe@acme.com, jane@acme.com', undefined],
  ['two signs', 'joe@jane@acme.com', undefined],
  ['a word', 'unknown', undefined],
])('an address with %s', (_, text, email) => {
  expect(normaliseEmail(text)).toBe(email);
});

test.each([
  ['stray spaces', '  Ann \t Lee ', 'Ann Lee'],
  ['capitals only', 'ANN-MARIE O’NEILL', 'Ann-Marie O’Neill'],
  ['no capitals', 'jürgen', 'Jürgen'],
  ['a mixed case of its own', 'van der Berg', 'van der Berg'],
  ['an inner capital', 'McDonald', 'McDonald'],
  ['initials', 'JP', 'JP'],
  ['a letter without a capital of its own', 'ɏ ᾐ', 'Ɏ ᾐ'],
  ['invisible characters', 'Ann\u200b', 'Ann'],
  ['a placeholder', 'N/A', undefined],
  ['nothing', '  ', undefined],
])('a name with %s', (_, text, name) => {
  expect(cleanName(text)).toBe(name);
});

test('law: cleaning twice is cleaning once', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const [name, email] = [cleanName(text), normaliseEmail(text)];
      expect(name === undefined ? undefined : cleanName(name)).toBe(name);
      expect(email === undefined ? undefined : normaliseEmail(email)).toBe(email);
    }),
  );
});

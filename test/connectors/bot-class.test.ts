import { botClassOf } from '#connectors/kit/bot-class.ts';

test.each([
  ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'crawler'],
  ['Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)', 'crawler'],
  ['Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)', 'crawler'],
  ['ltx71 - (http://ltx71.com/)', 'crawler'],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/131.0.0.0', 'program'],
  ['Mozilla/5.0 (Linux; Android 11; moto g) Chrome/119 Mobile Chrome-Lighthouse', 'program'],
  ['curl/8.5.0', 'program'],
  ['python-requests/2.32.3', 'program'],
  ['Go-http-client/2.0', 'program'],
  ['AHC/2.0', 'program'],
  ['facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)', 'link-preview'],
  ['Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)', 'link-preview'],
  ['WhatsApp/2.23.20.0 A', 'link-preview'],
  ['Mozilla/5.0 (Windows NT 6.1) Chrome/100 Safari/537.36 BarracudaCentral', 'mail-scanner'],
  ['Mozilla/5.0 (compatible; Mimecast URL Protection)', 'mail-scanner'],
])('%s is a %s', (agent, told) => expect(botClassOf(agent)).toBe(told));

test.each([
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [LinkedInApp]/9.30',
  'Mozilla/5.0 (Linux; Android 14; CUBOT P80) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)',
  'Mozilla/5.0 (Windows NT 10.0; Microsoft Outlook 16.0.4266; ms-office)',
  // Gmail and Yahoo fetch a picture when its reader opens the mail.
  'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
  'YahooMailProxy; Windows',
  'Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/UD1A)',
  'Northwind/3.2 (iPhone; iOS 17.5; Scale/3.00)',
  'Mozilla/5.0',
  undefined,
  '',
])('a person may use %s', (agent) => expect(botClassOf(agent)).toBeUndefined());

test('a long agent is not read to its end', () => {
  expect(botClassOf(`Mozilla/5.0 (Windows NT 10.0)${' '.repeat(10_000)}Googlebot`)).toBeUndefined();
});

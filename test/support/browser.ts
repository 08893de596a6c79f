import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

const found = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find(existsSync);

/** Why no browser can be driven here; undefined when one can. */
export const noBrowser: string | undefined =
  found === undefined ? `no browser (none of ${NAMES.join(', ')} is on the path)` : undefined;

// Past Jest's console, which says nothing of a file whose tests are all skipped.
if (noBrowser !== undefined) process.stderr.write(`Skipped, ${noBrowser}.\n`);

/** As a person's browser says it: one that nobody sees would call itself headless, which is a program. */
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** Starts a browser that nobody sees; its sandbox can't be had by root in a container. */
export function openBrowser(): Promise<Browser> {
  return puppeteer.launch({
    executablePath: found ?? '',
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      `--user-agent=${USER_AGENT}`,
    ],
  });
}

import { BotClass } from '#core/events.ts';

/**
 * What the agents of machines say of themselves: names of products, as their makers document them,
 * and the words that most of the others have in common. The first class that fits counts.
 */
const WORDS: readonly (readonly [BotClass, RegExp])[] = [
  [
    'mail-scanner',
    /barracuda|proofpoint|mimecast|messagelabs|symantec|fireeye|trellix|trend ?micro|sophos|forcepoint|websense|ironport|fortiguard|bitdefender|kaspersky|zscaler|cloudmark|cofense|virustotal|urlscan|netcraft|safebrowsing|google-safety/iu,
  ],
  [
    'link-preview',
    /facebookexternalhit|facebookcatalog|slackbot|slack-imgproxy|twitterbot|linkedinbot|whatsapp\/|telegrambot|discordbot|skypeuripreview|bingpreview|vkshare|embedly|iframely|redditbot|pinterestbot|google-pagerenderer/iu,
  ],
  [
    'program',
    /headless|phantomjs|puppeteer|playwright|selenium|webdriver|cypress|lighthouse|pingdom|uptimerobot|statuscake|gtmetrix|datadogsynthetics|site24x7|^curl\/|^wget|python|aiohttp|^httpx|go-http-client|^java\/|apache-httpclient|^axios|node-fetch|^undici|^got |libwww|postmanruntime|insomnia|scrapy|httpie|guzzle|^ruby|^php/iu,
  ],
  [
    'crawler',
    // Cubot makes telephones.
    /(?<!cu)bot(?:\b|[^a-z])|(?:bot|crawler|spider)$|crawl|spider|slurp|archiver|scraper|fetcher|feedfetcher|mediapartners-google|adsbot|google-inspectiontool|ahrefs|semrush|screaming frog|chatgpt-user|claude-user|perplexity|google-?other|preview|link ?check|validator|scanner|zgrab/iu,
  ],
  // A browser names no address and is compatible with nothing, but for those of long ago.
  ['crawler', /https?:\/\/|www\.|compatible(?:\)|; (?!msie))/iu],
  // Whatever a person holds says what it is in the words of browsers, or what system it runs on.
  [
    'program',
    /^(?!mozilla\/|opera\/|dalvik\/)(?!.*(?:iphone|ipad|android|ios|macos|darwin|cfnetwork|windows|macintosh|linux))/iu,
  ],
];

/** Longer agents say nothing more at their end. */
const AGENT_LENGTH = 500;

/** What an agent (the header `user-agent`) tells that it is; nothing for a browser. */
export function botClassOf(agent: string | undefined): BotClass | undefined {
  if (agent === undefined || agent === '') return undefined;
  const said = agent.slice(0, AGENT_LENGTH);
  return WORDS.find(([, words]) => words.test(said))?.[0];
}

/** A class that was told by its name. */
export const botClassNamed = (name: unknown): BotClass | undefined => BotClass.safeParse(name).data;

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { HubMistake } from './problems.ts';
import { type Timing, usualTiming } from './timing.ts';
import { type TokenPlace, tokenPlaces } from './token.ts';

/** Which Hub, where on this machine, and how. */
export interface HubSite {
  /** Without a slash at the end. */
  endpoint: string;
  /** Shared with Python's huggingface_hub, llama.cpp and others. */
  cache: string;
  /** Nothing may be asked of the network. */
  offline: boolean;
  /** Looked at when something is first asked of the Hub, so that a bad token disturbs nobody who needs none. */
  token: TokenPlace[];
  proxy: Proxy;
  /** At once, of all files together. */
  connections: number;
  /** Bytes that are fetched, checked and remembered as one; null: by the size of the file. */
  segmentBytes: number | null;
  timing: Timing;
}

/** Empty: none. */
interface Proxy {
  http: string;
  https: string;
  /** Hosts that are asked directly. */
  no: string;
}

/** What a command or a caller says; the environment says the rest. */
export interface HubOptions {
  endpoint?: string;
  cache?: string;
  /** `false` leaves it to the environment. */
  offline?: boolean;
  tokenFile?: string;
}

/** An empty variable counts as not set. Throws bad-setting. */
export function hubSite(options: HubOptions = {}, environment: NodeJS.ProcessEnv = process.env): HubSite {
  const home = hubHome(environment);
  return {
    endpoint: checkedEndpoint(options.endpoint || environment['HF_ENDPOINT'] || 'https://huggingface.co'),
    cache: folder(options.cache || environment['HF_HUB_CACHE'] || environment['HUGGINGFACE_HUB_CACHE'] || join(home, 'hub')),
    offline: options.offline || isTrue(environment['HF_HUB_OFFLINE']) || isTrue(environment['QPIPE_OFFLINE']),
    token: tokenPlaces(options.tokenFile, environment, home),
    proxy: {
      http: proxyFrom('http_proxy', environment),
      https: proxyFrom('https_proxy', environment),
      no: eitherCase('no_proxy', environment),
    },
    connections: 8,
    segmentBytes: null,
    timing: usualTiming,
  };
}

function hubHome(environment: NodeJS.ProcessEnv): string {
  const base = environment['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return folder(environment['HF_HOME'] || join(base, 'huggingface'));
}

/** As Python reads it, `~` included. */
function folder(path: string): string {
  return resolve(path.replace(/^~(?=\/|$)/, homedir()));
}

function checkedEndpoint(written: string): string {
  const url = URL.canParse(written) ? new URL(written) : null;
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '') return url.href.replace(/\/+$/, '');
  throw new HubMistake('bad-setting', 'HF_ENDPOINT has to be the address of a Hub, such as https://huggingface.co');
}

function isTrue(value = ''): boolean {
  return /^(1|true|yes|on)$/i.test(value);
}

/** Many write it without `http://`. */
function proxyFrom(name: string, environment: NodeJS.ProcessEnv): string {
  const written = eitherCase(name, environment);
  const url = written === '' || written.includes('://') ? written : `http://${written}`;
  if (url === '' || (URL.canParse(url) && /^(https?|socks5?):$/.test(new URL(url).protocol))) return url;
  throw new HubMistake('bad-setting', `${name.toUpperCase()} has to be the address of a proxy, such as http://proxy.example:3128`);
}

function eitherCase(name: string, environment: NodeJS.ProcessEnv): string {
  return environment[name] || environment[name.toUpperCase()] || '';
}

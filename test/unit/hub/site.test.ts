import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hubSite } from '../../../src/hub/site.ts';

describe('the cache lies', () => {
  const home = homedir();
  const places: [environment: Record<string, string>, cache: string][] = [
    [{}, join(home, '.cache/huggingface/hub')],
    [{ XDG_CACHE_HOME: '/x' }, '/x/huggingface/hub'],
    [{ HF_HOME: '/h', XDG_CACHE_HOME: '/x' }, '/h/hub'],
    [{ HUGGINGFACE_HUB_CACHE: '/old', HF_HOME: '/h' }, '/old'],
    [{ HF_HUB_CACHE: '/new', HUGGINGFACE_HUB_CACHE: '/old' }, '/new'],
    [{ HF_HUB_CACHE: '', HF_HOME: '', XDG_CACHE_HOME: '' }, join(home, '.cache/huggingface/hub')],
    [{ HF_HUB_CACHE: '~/models' }, join(home, 'models')],
  ];
  test.each(places)('%j: in %s', (environment, cache) => {
    expect(hubSite({}, environment).cache).toBe(cache);
  });

  test('where a caller says, whatever the environment says', () => {
    expect(hubSite({ cache: '/mine' }, { HF_HUB_CACHE: '/new' }).cache).toBe('/mine');
  });
});

describe('the Hub', () => {
  const endpoints: [environment: Record<string, string>, endpoint: string][] = [
    [{}, 'https://huggingface.co'],
    [{ HF_ENDPOINT: '' }, 'https://huggingface.co'],
    [{ HF_ENDPOINT: 'http://127.0.0.1:8080/' }, 'http://127.0.0.1:8080'],
    [{ HF_ENDPOINT: 'https://mirror.example/hf/' }, 'https://mirror.example/hf'],
  ];
  test.each(endpoints)('%j: %s', (environment, endpoint) => {
    expect(hubSite({}, environment).endpoint).toBe(endpoint);
  });

  test.each(['huggingface.co', 'ftp://a', 'http://user:word@host', 'https://host?a=b'])('is not %s', (endpoint) => {
    expect(() => hubSite({}, { HF_ENDPOINT: endpoint })).toThrow(
      'HF_ENDPOINT has to be the address of a Hub, such as https://huggingface.co',
    );
  });
});

test.each([
  [{}, false],
  [{ HF_HUB_OFFLINE: '1' }, true],
  [{ QPIPE_OFFLINE: 'yes' }, true],
  [{ HF_HUB_OFFLINE: '0', QPIPE_OFFLINE: '' }, false],
] as const)('%j is offline: %s', (environment, offline) => {
  expect(hubSite({}, environment).offline).toBe(offline);
  expect(hubSite({ offline: false }, environment).offline).toBe(offline);
  expect(hubSite({ offline: true }, environment).offline).toBe(true);
});

test('proxies are read in small letters first', () => {
  const environment = { http_proxy: 'http://a', HTTP_PROXY: 'http://b', HTTPS_PROXY: 'http://c', NO_PROXY: 'x,y' };
  expect(hubSite({}, environment).proxy).toEqual({ http: 'http://a', https: 'http://c', no: 'x,y' });
});

test('a proxy may be written without its scheme', () => {
  expect(hubSite({}, { https_proxy: 'proxy.example:3128' }).proxy.https).toBe('http://proxy.example:3128');
});

test.each(['ftp://a', 'http://', 'http://a b'])('%j is no proxy', (proxy) => {
  expect(() => hubSite({}, { HTTPS_PROXY: proxy })).toThrow(
    'HTTPS_PROXY has to be the address of a proxy, such as http://proxy.example:3128',
  );
});

import { type Answer, problem } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';
import { mustBeValid } from './access.ts';
import { changeSettings, createRepo, validateYaml, whoAmI } from './account.ts';
import { commit } from './commit.ts';
import { type Endpoint, endpoint, placeOf } from './endpoint.ts';
import { info, refs } from './info.ts';
import { lfsBatch, preupload } from './lfs.ts';
import { cdn, resolve, resolveCache } from './resolve.ts';
import { completeUpload, putPart } from './storage.ts';
import { addTag, removeTag } from './tags.ts';
import { pathsInfo, tree } from './tree.ts';

const endpoints: Endpoint[] = [
  endpoint('hub', 'GET', '{api}/revision/{revision}', info),
  endpoint('hub', 'GET', '{api}/tree/{revision}{/path}', tree),
  endpoint('hub', 'POST', '{api}/paths-info/{revision}', pathsInfo),
  endpoint('hub', 'GET', '{api}/refs', refs),
  endpoint('hub', 'GET', '{api}', info),
  endpoint('hub', 'GET', '{repo}/resolve/{revision}/{path}', resolve),
  endpoint('hub', 'GET', '{cache}/{revision}/{path}', resolveCache),
  endpoint('cdn', 'GET', '/cdn/{path}', cdn),

  endpoint('hub', 'GET', '/api/whoami-v2', whoAmI),
  endpoint('hub', 'POST', '/api/repos/create', createRepo),
  endpoint('hub', 'PUT', '{api}/settings', changeSettings),
  endpoint('hub', 'POST', '{api}/tag/{revision}', addTag),
  endpoint('hub', 'DELETE', '{api}/tag/{revision}', removeTag),
  endpoint('hub', 'POST', '/api/validate-yaml', validateYaml),
  endpoint('hub', 'POST', '{api}/preupload/{revision}', preupload),
  endpoint('hub', 'POST', '{repo}.git/info/lfs/objects/batch', lfsBatch),
  endpoint('cdn', 'PUT', '/storage/{path}', putPart),
  endpoint('hub', 'POST', '/api/complete_multipart/{path}', completeUpload),
  endpoint('hub', 'POST', '{api}/commit/{revision}', commit),
];

/** Finds the endpoint of a request and has it answer. */
export async function endpointAnswer(exchange: Exchange): Promise<Answer> {
  const { hub, log, path } = exchange;
  const host = log.host === new URL(hub.cdn).hostname ? 'cdn' : 'hub';
  const method = exchange.method === 'HEAD' ? 'GET' : exchange.method;
  for (const endpoint of endpoints) {
    const place = endpoint.host === host && endpoint.method === method ? placeOf(endpoint.pattern, path) : null;
    if (place === null) continue;
    if (host === 'hub') mustBeValid(exchange);
    return endpoint.answer(exchange, place);
  }
  return problem(404, null, 'Sorry, there is nothing here');
}

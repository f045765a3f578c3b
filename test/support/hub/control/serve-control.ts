import { type CommitOptions, type FileSource, newCommit } from '../content/new-commit.ts';
import type { Fault } from '../faults/fault.ts';
import { type Answer, json, problem } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';
import { readJson } from '../http/request-body.ts';

/**
 * What tests and benchmarks in other processes say to the Hub, at either of its host names:
 *
 *     POST   /_control/commits      { name, files, options }  ->  { commit }; a file is a text or { path } of this machine
 *     POST   /_control/moves        { from, to }
 *     POST   /_control/faults       a fault; `match` is the source of a pattern, `times: null` stands for always  ->  { id, remaining }
 *     GET    /_control/faults/ID    { id, remaining }
 *     DELETE /_control/faults/ID
 *     GET    /_control/requests     all that came, but these
 */
export async function serveControl(exchange: Exchange): Promise<Answer> {
  const { hub, method, path } = exchange;
  const [, , what = '', id] = path.split('/');
  switch (`${method} ${what}`) {
    case 'POST commits': {
      const { name, files, options } = await readJson<{ name: string; files: Record<string, FileSource>; options?: CommitOptions }>(
        exchange,
      );
      return json({ commit: await newCommit(hub, name, files, options) });
    }
    case 'POST moves': {
      const { from, to } = await readJson<{ from: string; to: string }>(exchange);
      hub.repos.move(from, to);
      return json({});
    }
    case 'POST faults': {
      const { match, times, ...kind } = await readJson<WrittenFault>(exchange);
      const fault = { ...kind, match: new RegExp(match), times: times === null ? Number.POSITIVE_INFINITY : (times ?? 1) } as Fault;
      return faultAnswer(exchange, hub.faults.add(fault).id);
    }
    case 'DELETE faults':
      hub.faults.handle(Number(id)).stop();
      return faultAnswer(exchange, Number(id));
    case 'GET faults':
      return faultAnswer(exchange, Number(id));
    case 'GET requests':
      return json(hub.log.requests);
    default:
      return problem(404, null, 'There is no such control');
  }
}

interface WrittenFault extends Record<string, unknown> {
  match: string;
  times?: number | null;
}

function faultAnswer({ hub }: Exchange, id: number): Answer {
  const left = hub.faults.handle(id).remaining();
  return json({ id, remaining: left === Number.POSITIVE_INFINITY ? null : left });
}

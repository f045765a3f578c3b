import { checkCommitted, holdsAll } from './committed.ts';
import { explainingUpload } from './explain-upload.ts';
import { askCommit, askTree } from './metadata.ts';
import type { Office } from './office.ts';
import { pause } from './patiently.ts';
import { HubFailure } from './problems.ts';
import { Interruption, Refusal } from './refusal.ts';
import { restoreByLines } from './restore.ts';
import { sendCommit } from './send-commit.ts';
import { backoffMs } from './timing.ts';
import { Unsure } from './upload-fetch.ts';
import type { CommitRequest } from './writer.ts';

/**
 * Brings the files of a commit, makes it, and looks at what the Hub then has. The request for the commit itself is not repeated blindly: when
 * its answer is lost, the branch tells whether it landed. Returns the commit's id.
 */
export async function commitFiles(office: Office, request: CommitRequest): Promise<string> {
  const { repo, signal } = request;
  const { timing } = office.site;
  return await explainingUpload(repo, office, async () => {
    const attempt = { asked: false };
    for (let tries = 0; ; tries++) {
      try {
        const commit = request.restore ? await restoreByLines(office, request, attempt) : await sendCommit(office, request, attempt);
        await checkCommitted(office, request, commit);
        return commit;
      } catch (error) {
        const isUnknown = attempt.asked && couldHaveLanded(error);
        const landed = isUnknown ? await whatLanded(office, request) : null;
        if (landed !== null) return landed;
        const isWorthAnother = isUnknown || error instanceof Unsure || isExpired(error);
        if (!isWorthAnother || tries >= timing.retries) throw error;
        await pause(backoffMs(tries, timing.longestWaitAfterStatusMs, timing), signal);
      }
    }
  });
}

/** The branch's head, when it holds all that was to be committed; null when nothing has happened there. */
async function whatLanded(office: Office, request: CommitRequest): Promise<string | null> {
  const head = await askCommit(office, request.repo, 'main', request.signal);
  if (head === request.parent) return null;
  const { files } = await askTree(office, request.repo, head, request.signal);
  if (holdsAll(request, files)) return head;
  throw movedMeanwhile(request, head);
}

/** A server that is in trouble, or is not heard, may finish all the same; one that finds the branch moved may have moved it itself. */
function couldHaveLanded(error: unknown): boolean {
  return error instanceof Interruption || (error instanceof Refusal && (error.isPassing || isMoved(error)));
}

function isMoved(error: unknown): boolean {
  return error instanceof Refusal && error.facts.ofHub && error.facts.status === 412;
}

/** A signed address that is no longer good: the next batch has new ones, and none for what has arrived. */
function isExpired(error: unknown): boolean {
  return error instanceof Refusal && error.isExpiry;
}

function movedMeanwhile({ repo, parent }: CommitRequest, head: string): HubFailure {
  return new HubFailure(
    'moved-meanwhile',
    `somebody else has changed ${repo.name} meanwhile: its branch main was at ${parent.slice(0, 12)} and is now at ${head.slice(0, 12)}. Nothing of theirs was overwritten; look at it, and publish again`,
  );
}

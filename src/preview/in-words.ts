import { unreachable } from '../errors.ts';
import type { Reason } from './reason.ts';

/** A reason in a few words, for a line of the plan. */
export function reasonInShort(reason: Reason): string {
  switch (reason.kind) {
    case 'never-run':
      return 'not made before';
    case 'forced':
      return 'forced';
    case 'at-work':
      return 'another run makes it now';
    case 'no-tools':
      return 'llama.cpp is not set up';
    case 'interrupted':
      return 'interrupted the last time';
    case 'failed':
      return 'failed the last time';
    case 'to-fetch':
      return reason.files === 1 ? 'not here yet' : `${reason.files} files are not here yet`;
    case 'after':
      return `after ${reason.task}`;
    case 'input':
      return `${inputName(reason)} ${howChanged(reason)}`;
    case 'params':
      return `${reason.path}: ${valueInWords(reason.old)} -> ${valueInWords(reason.new)}`;
    case 'identity':
      return `another ${identityNames[reason.name] ?? reason.name}`;
    case 'operation':
      return 'qpipe does it in another way now';
    case 'output-missing':
      return `${reason.name} is gone from the store`;
    case 'output-modified':
      return `${reason.name} was changed in the store`;
    case 'record-lost':
      return 'its record is gone from the store';
    default:
      return unreachable(reason);
  }
}

/** The same as a sentence with the values on both sides, for `explain`. */
export function reasonInFull(reason: Reason): string {
  switch (reason.kind) {
    case 'never-run':
      return 'this pipeline has not made it before';
    case 'forced':
      return '--force names it';
    case 'at-work':
      return 'another run makes it at this moment; a run would wait for it and take it';
    case 'no-tools':
      return 'llama.cpp is not set up, so nothing is known to be made; run qpipe setup';
    case 'interrupted':
      return `the run ${reason.run} was interrupted while it was at work`;
    case 'failed':
      return `it failed in the run ${reason.run}: ${reason.message}`;
    case 'to-fetch':
      return `${reason.files === 1 ? 'a file is' : `${reason.files} files are`} not in the Hub's cache yet`;
    case 'after':
      return `it reads what ${reason.task} makes, which is not settled yet; with the same bytes from there it need not run`;
    case 'input':
      return `its ${inputName(reason)} ${howChanged(reason)}${digests(reason)}`;
    case 'params':
      return `\`${reason.path}\` was ${valueInWords(reason.old)} and is ${valueInWords(reason.new)}`;
    case 'identity':
      return `the ${identityNames[reason.name] ?? reason.name} is another one (${short(reason.old)} -> ${short(reason.new)})`;
    case 'operation':
      return `this qpipe does it in another way (version ${reason.old} -> ${reason.new} of the operation)`;
    case 'output-missing':
      return `${reason.name} is no longer in the store, and is needed`;
    case 'output-modified':
      return `${reason.name} was changed in the store after it was made`;
    case 'record-lost':
      return `the record of the last time (key ${short(reason.key)}) is gone or cannot be read`;
    default:
      return unreachable(reason);
  }
}

type InputReason = Extract<Reason, { kind: 'input' }>;

/** What the roles of inputs are called; a folder has several files in one role. */
const roles: Record<string, string> = {
  text: 'text',
  model: 'model',
  imatrix: 'importance matrix',
  logits: 'recorded base logits',
  base: 'base model',
  conversations: 'conversations',
  questions: 'file of questions',
};

/** What the parts of a task's identity are called. */
const identityNames: Record<string, string> = {
  build: 'build of llama.cpp',
  converter: 'converter',
  merger: 'way of merging, or of its Python packages',
  platform: 'platform',
  cpu: 'CPU',
  machine: 'machine',
};

function inputName({ role, name }: InputReason): string {
  return roles[role] ?? name.split('/').slice(1).join('/') ?? name;
}

function howChanged({ old, new: now }: InputReason): string {
  if (old === null) return 'is new';
  return now === null ? 'is not used any more' : 'changed';
}

function digests({ old, new: now }: InputReason): string {
  return old !== null && now !== null ? ` (sha256 ${short(old)} -> ${short(now)})` : '';
}

function short(digest: string | null): string {
  return digest === null || digest === '' ? 'none' : digest.slice(0, 12);
}

function valueInWords(value: unknown): string {
  if (value === null) return 'not set';
  return typeof value === 'string' && value !== '' && !value.includes(' ') ? value : JSON.stringify(value);
}

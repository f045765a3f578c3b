import type { Prompt } from './pipeline.ts';

/** What is asked unless a pipeline says otherwise: short, of several kinds, some with one right answer. */
export const defaultPrompts: Prompt[] = [
  { name: 'fact', text: 'Which river flows through Paris, and into which sea does it flow?' },
  { name: 'explain', text: 'Explain to a child in two sentences why ice floats on water.' },
  { name: 'arithmetic', text: 'A train leaves at 09:40 and arrives at 13:15. How many minutes does the journey take? Think step by step.' },
  { name: 'code', text: 'Write a Python function that returns the second largest number of a list, or None when there is none.' },
  { name: 'json', text: 'Answer with JSON only, with the keys "name" and "legs": which animal is the largest spider?' },
  { name: 'German', text: 'Erkläre in einem Satz, was ein Kompass anzeigt.' },
  { name: 'Chinese', text: '用一句话解释为什么天空是蓝色的。' },
];

/** How far a tool has come. */
export interface Progress {
  done: number;
  total: number;
  /** What is counted: `tensors`, `chunks`, `%`. */
  unit: string;
}

/** Lines of llama.cpp's log begin with time and level: `0.20.008.919 I `. They may be glued to what was printed before. */
export function withoutPrefix(text: string): string {
  return text.replace(/\d+\.\d{2}\.\d{3}\.\d{3} [IWED] /g, '');
}

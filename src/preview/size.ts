/**
 * How a size is known: from what is there, from the converter on headers, from llama-quantize's dry run over either of them, from headers
 * alone, or from what is usual for the type.
 */
type Method = 'record' | 'converter' | 'dry run' | 'headers' | 'bits per weight';

export interface Size {
  bytes: number;
  exact: boolean;
  method: Method;
}

/** How a size is known: from what is there, from llama-quantize's dry run over it, from headers alone, or from what is usual for the type. */
type Method = 'record' | 'dry run' | 'headers' | 'bits per weight';

export interface Size {
  bytes: number;
  exact: boolean;
  method: Method;
}

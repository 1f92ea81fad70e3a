/** Bytes as they are asked for, `first` before the others. Who goes away ends where they come from. */
export function streamOf(
  rest: AsyncGenerator<Uint8Array>,
  first: IteratorResult<Uint8Array> | null = null,
): ReadableStream<Uint8Array> {
  let next = first;
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = next ?? (await rest.next());
        next = null;
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await rest.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

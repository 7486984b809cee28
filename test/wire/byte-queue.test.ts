import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { ByteQueue, concat, fromHex, readPackets, serializePacket, toHex } from "@course/lib/wire";
import { allocatedSoFar, countAllocations } from "../../scripts/fuzz/allocations";

describe("a queue of bytes", () => {
  test("a ByteQueue returns its bytes in order, in pieces of other sizes than the chunks", () => {
    const queue = new ByteQueue();
    queue.add(fromHex("010203"));
    expect(toHex(queue.take(2)!)).toBe("0102");
    queue.add(fromHex("0405"));
    queue.add(fromHex(""));
    expect(queue.length).toBe(3);
    expect(queue.take(4)).toBeUndefined();
    expect(toHex(queue.take(3)!)).toBe("030405");
    expect(queue.take(1)).toBeUndefined();
    expect(queue.take(0)).toHaveLength(0);
  });

  test("a ByteQueue returns a view of the chunk if that holds the whole piece", () => {
    const queue = new ByteQueue();
    const chunk = fromHex("01020304");
    queue.add(chunk);
    expect(queue.take(2)!.buffer).toBe(chunk.buffer);
  });

  test("a ByteQueue never writes to a chunk, nor to a piece that was taken", () => {
    const queue = new ByteQueue();
    const chunks = ["0102", "03", "0405", "06", "07"].map(fromHex);
    queue.add(chunks[0].subarray(0, 1));
    const first = queue.take(1)!;
    queue.add(chunks[1]);
    queue.add(chunks[2]);
    const second = queue.take(2)!;
    queue.add(chunks[3]);
    queue.add(chunks[4]);
    const third = queue.take(3)!;
    expect([first, second, third].map(toHex)).toEqual(["01", "0304", "050607"]);
    expect(chunks.map(toHex)).toEqual(["0102", "03", "0405", "06", "07"]);
  });

  test("a ByteQueue returns the bytes that were added, for any chunks and pieces", () => {
    const chunk = fc.uint8Array({ maxLength: 20 });
    const property = fc.property(fc.array(chunk), fc.array(fc.nat(30)), (chunks, lengths) => {
      const queue = new ByteQueue();
      const pieces: Uint8Array[] = [];
      const remaining = [...lengths];
      for (const chunk of chunks) {
        queue.add(chunk);
        const piece = queue.take(remaining[0] ?? 1);
        if (piece) pieces.push(piece) && remaining.shift();
      }
      pieces.push(queue.take(queue.length)!);
      expect(concat(pieces)).toEqual(concat(chunks));
    });
    fc.assert(property);
  });
});

/** Counts the bytes that `work` copies, and those that it allocates. */
async function countBytes(work: () => Promise<void>): Promise<{ copied: number; allocated: number }> {
  let copied = 0;
  const { set } = Uint8Array.prototype;
  vi.spyOn(Uint8Array.prototype, "set").mockImplementation(function (this: Uint8Array, source, offset) {
    copied += source.length;
    return set.call(this, source, offset);
  });
  const before = allocatedSoFar();
  const stop = countAllocations();
  try {
    await work();
  } finally {
    stop();
    vi.restoreAllMocks();
  }
  return { copied, allocated: allocatedSoFar() - before };
}

describe("readPackets", () => {
  const block = serializePacket("block", new Uint8Array(200_000).fill(7));

  /** Yields views of `bytes`, each of `size` bytes. */
  async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
    for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
  }

  async function readAll(stream: AsyncIterable<Uint8Array>): Promise<number[]> {
    const lengths: number[] = [];
    for await (const { payload } of readPackets(stream)) lengths.push(payload.length);
    return lengths;
  }

  test.each([1, 7, 1000, 65536])(
    "readPackets() copies each byte at most three times, and allocates at most four times the bytes, at %d bytes per chunk",
    async (size) => {
      const work = await countBytes(async () => expect(await readAll(cut(block, size))).toEqual([200_000]));
      expect(work.copied).toBeGreaterThan(block.length / 2); // or else the counting does not work
      expect(work.copied).toBeLessThanOrEqual(3 * block.length);
      expect(work.allocated).toBeGreaterThan(block.length / 2);
      expect(work.allocated).toBeLessThanOrEqual(4 * block.length);
    },
  );

  test("readPackets() copies nothing of packets that are in one chunk", async () => {
    const twice = concat([block, block]);
    const work = await countBytes(async () =>
      expect(await readAll(cut(twice, twice.length))).toHaveLength(2),
    );
    expect(work).toEqual({ copied: 0, allocated: 0 });
  });

  test("readPackets() allocates nothing for a payload of the maximum length before it arrives", async () => {
    const header = fromHex("f9beb4d9 626c6f636b00000000000000 00093d00 00000000");
    const work = await countBytes(async () => {
      expect(await readAll(cut(concat([header, new Uint8Array(100)]), 10))).toEqual([]);
    });
    expect(work.allocated).toBeLessThan(1000);
  });

  test("readPackets() allocates nothing for a length of 4 GB", async () => {
    const header = fromHex("f9beb4d9 626c6f636b00000000000000 ffffffff 00000000");
    const work = await countBytes(async () => {
      await expect(readAll(cut(header, 1))).rejects.toMatchObject({ code: "OVERSIZED" });
    });
    expect(work.allocated).toBeLessThan(1000);
  });

  test("readPackets() closes its stream when the caller stops reading", async () => {
    let closed = false;
    const stream = (async function* () {
      try {
        yield serializePacket("verack");
        yield block.subarray(0, 1000);
        yield block.subarray(1000);
      } finally {
        closed = true;
      }
    })();
    for await (const { command } of readPackets(stream)) {
      expect(command).toBe("verack");
      break;
    }
    expect(closed).toBe(true);
  });

  test("readPackets() rejects with an error of its stream, even in the middle of a packet", async () => {
    const stream = (async function* () {
      yield block.subarray(0, 1000);
      throw new Error("ECONNRESET");
    })();
    await expect(readAll(stream)).rejects.toThrow("ECONNRESET");
  });
});

test("peek() shows all bytes that have not been taken, and takes none", () => {
  const queue = new ByteQueue();
  expect(queue.peek().length).toBe(0);
  for (const chunk of [Uint8Array.of(1, 2), Uint8Array.of(3)]) queue.add(chunk);
  queue.take(1);
  expect([...queue.peek()]).toEqual([2, 3]);
  expect(queue.length).toBe(2);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { count, formatOf, slices, type Format } from "../rooms/import_slices";

const csv: Format = { mediaType: "text/csv", name: "CSV" };
const ndjson: Format = { mediaType: "application/x-ndjson", name: "NDJSON" };
const never = new AbortController().signal;

async function lines(content: BlobPart[], format: Format): Promise<{ header: string | undefined; lines: string[]; firsts: number[] }> {
  const all = { header: undefined as string | undefined, lines: [] as string[], firsts: [] as number[] };
  for await (const { header, slice } of slices(new File(content, "f"), format)) {
    all.header = header;
    all.lines.push(...slice.lines);
    all.firsts.push(slice.first);
  }
  return all;
}

test("records end where lines do, however they end", async () => {
  for (const end of ["\n", "\r\n"]) {
    const found = await lines([['{"a":1}', '{"b":"ü"}', "", "{}"].join(end)], ndjson);
    assert.deepEqual(found.lines, ['{"a":1}', '{"b":"ü"}', "{}"]);
  }
});

test("a quoted cell of CSV may have line ends, quotes and commas", async () => {
  const found = await lines(['a,b\n1,"x\ny, ""z"""\n2,w\n'], csv);
  assert.deepEqual(found.header, "a,b");
  assert.deepEqual(found.lines, ['1,"x\ny, ""z"""', "2,w"]);
});

test("a byte order mark is no part of the header", async () => {
  assert.equal((await lines(["\uFEFFa,b\n1,2"], csv)).header, "a,b");
});

test("slices are full, in order, and lose nothing", async () => {
  const records = Array.from({ length: 4501 }, (_, i) => `{"n":${i},"ü":"${"é".repeat(i % 50)}"}`);
  const found = await lines([records.join("\n")], ndjson);
  assert.deepEqual(found.lines, records);
  assert.deepEqual(found.firsts, [1, 2001, 4001]);
});

test("long records make smaller slices", async () => {
  const found = await lines([Array.from({ length: 30 }, () => "x".repeat(60_000)).join("\n")], ndjson);
  assert.equal(found.lines.length, 30);
  assert.deepEqual(found.firsts, [1, 10, 19, 28]);
});

test("a file that is not UTF-8 is refused before anything is sent", async () => {
  const bytes = new Uint8Array([0x7b, 0x7d, 0x0a, 0xff, 0xfe]);
  await assert.rejects(lines([bytes], ndjson), (error) => (error as Error).message.includes("UTF-8"));
});

test("lines that are no objects are counted as faults", async () => {
  const found = await count(new File(['{}\n[]\nx\n{"a":1}'], "f"), ndjson, () => undefined, never);
  assert.equal(found.records, 4);
  assert.deepEqual(
    found.faults.map(({ record }) => record),
    [2, 3],
  );
});

test("the format is told by the name, else by the content", async () => {
  for (const [name, content, want] of [
    ["a.csv", "{}", "CSV"],
    ["A.NDJSON", "a,b", "NDJSON"],
    ["a.jsonl", "", "NDJSON"],
    ["a.txt", '\uFEFF {"a":1}', "NDJSON"],
    ["a", "a,b", "CSV"],
  ] as const)
    assert.equal((await formatOf(new File([content], name))).name, want, name);
});

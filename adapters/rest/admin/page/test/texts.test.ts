import assert from "node:assert/strict";
import { test } from "node:test";
import { draftOf, patchOf, same, type User } from "../rooms/person_draft";
import { marked } from "../ui/highlight";
import { addDays, dayText, startOfDay } from "../ui/time";

const ada: User = {
  id: "01890a5d-ac96-774b-bcce-b302099a8057",
  username: "ada",
  email: "ada@example.com",
  display_name: "Ada",
  external_id: "hr-1",
  attributes: { team: "search", desk: { floor: 1, room: "a" }, empty: null },
  status: "active",
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
  version: 1,
};

test("a draft that changes nothing is an empty patch", () => {
  assert.deepEqual(patchOf(ada, draftOf(ada)), {});
});

test("a patch has what differs, and removes what is gone", () => {
  const draft = { ...draftOf(ada), external_id: "", email: "a@example.org", attributes: '{"desk":{"floor":2},"empty":null,"tags":[1]}' };
  assert.deepEqual(patchOf(ada, draft), {
    email: "a@example.org",
    external_id: null,
    attributes: { team: null, desk: { room: null, floor: 2 }, tags: [1] },
  });
});

test("attributes that are no object are refused with what to write", () => {
  for (const attributes of ["[]", "x", "1", '{"a":1', '{"new":null}']) {
    let message = "";
    try {
      patchOf(ada, { ...draftOf(ada), attributes });
    } catch (error) {
      message = (error as Error).message;
    }
    assert.ok(message.startsWith("The attributes"), `${attributes}: ${message}`);
  }
});

test("attributes are the same whatever their order and spaces", () => {
  assert.ok(same("attributes", '{"a":1,"b":{"c":2,"d":3}}', '{ "b": {"d":3,"c":2}, "a":1 }'));
  assert.ok(!same("attributes", '{"a":1}', '{"a":2}'));
  assert.ok(!same("display_name", "a", "A"));
});

test("marks are marks, and everything else is text", () => {
  assert.deepEqual(marked("<mark>Ada</mark> &lt;b&gt;&amp;lt;"), [
    ["Ada", true],
    [" <b>&lt;", false],
  ]);
  assert.deepEqual(marked("&lt;script&gt;alert(&#39;<mark>x</mark>&#34;)"), [
    ["<script>alert('", false],
    ["x", true],
    ['")', false],
  ]);
  assert.deepEqual(marked(""), []);
});

test("days begin at midnight of the zone, also where clocks change", () => {
  for (const [day, zone, want] of [
    ["2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z"],
    ["2026-03-30", "Europe/Berlin", "2026-03-29T22:00:00.000Z"],
    ["2026-04-05", "Pacific/Auckland", "2026-04-04T11:00:00.000Z"],
    ["2026-10-26", "Europe/Berlin", "2026-10-25T23:00:00.000Z"],
    ["2026-01-01", "Pacific/Kiritimati", "2025-12-31T10:00:00.000Z"],
    ["2026-07-01", "America/St_Johns", "2026-07-01T02:30:00.000Z"],
    ["2026-01-01", "UTC", "2026-01-01T00:00:00.000Z"],
  ] as const)
    assert.equal(startOfDay(day, zone), want, `${day} in ${zone}`);
  assert.equal(dayText(new Date("2026-01-01T00:30:00Z"), "America/New_York"), "2025-12-31");
  assert.equal(addDays("2026-02-28", 1), "2026-03-01");
});

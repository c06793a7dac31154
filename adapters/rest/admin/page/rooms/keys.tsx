import { useState } from "preact/hooks";
import type { components } from "../../../client-ts/src/index";
import { page, unwrap } from "../../../client-ts/src/index";
import { useAction, useLoad } from "../load";
import type { Rights } from "../rights";
import { text } from "../route";
import { caller, outdate, roster } from "../session";
import { Dialog } from "../ui/dialog";
import { Choice, Confirm, Form } from "../ui/form";
import { Time } from "../ui/time";
import { tell } from "../ui/toast";
import { Badge, Empty, Pager, Result, Table, View } from "../ui/view";
import { AddKey, Token } from "./key_add";

type Key = components["schemas"]["Key"];
type Open = { what: "add" } | { what: "rotate" | "revoke"; key: Key } | { what: "token"; token: string; name: string };

/** The API keys of programs. */
export function Keys({ query, rights }: { query: URLSearchParams; rights: Rights }) {
  const [open, setOpen] = useState<Open>();
  const cursor = text(query, "cursor");
  const keys = useLoad(
    (signal) => {
      const ask = (at: string | undefined) =>
        roster.GET("/keys", { params: { query: { limit: 50, organization: rights.within, cursor: at } }, signal });
      return page(ask, cursor || undefined);
    },
    [cursor, rights.within],
  );
  const close = () => setOpen(undefined);
  const made = (name: string, token: string) => {
    setOpen({ what: "token", token, name });
    keys.reload();
  };
  return (
    <View
      title="Keys"
      actions={
        <button type="button" class="main" onClick={() => setOpen({ what: "add" })}>
          Make a key
        </button>
      }>
      <p>A program sends its key with each request. Roster keeps no secret of a key: its token is shown once, when it is made.</p>
      <Result loaded={keys}>
        {({ items, next }) =>
          items.length === 0 ? (
            <Empty>
              <p>There are no keys. Make one for each program, with no more rights than it needs.</p>
            </Empty>
          ) : (
            <>
              <Table labels caption="API keys" head={["Name", "State", "Scopes", "Organization", "Last used", "Expires", ""]}>
                {items.map((key) => (
                  <KeyRow key={key.id} item={key} onOpen={setOpen} />
                ))}
              </Table>
              <Pager cursor={cursor} next={next} />
            </>
          )
        }
      </Result>
      {open?.what === "add" ? <AddKey rights={rights} onClose={close} onMade={made} /> : null}
      {open?.what === "token" ? <Token name={open.name} token={open.token} onClose={close} /> : null}
      {open?.what === "rotate" ? <Rotate item={open.key} onClose={close} onMade={made} /> : null}
      {open?.what === "revoke" ? <Revoke item={open.key} onClose={close} /> : null}
    </View>
  );
}

function stateOf(key: Key): "Works" | "Revoked" | "Expired" {
  if (key.revoked_at !== undefined) return "Revoked";
  return key.expires_at !== undefined && Date.parse(key.expires_at) <= Date.now() ? "Expired" : "Works";
}

function KeyRow({ item, onOpen }: { item: Key; onOpen: (open: Open) => void }) {
  const state = stateOf(item);
  return (
    <tr>
      <th scope="row">{item.name}</th>
      <td>
        <Badge kind={state === "Works" ? "good" : "bad"}>{state}</Badge>
      </td>
      <td>
        {item.scopes.join(", ")}
        {item.role === undefined ? "" : `; ${item.role}`}
      </td>
      <td class="id">{item.organization ?? "any"}</td>
      <td>{item.last_used_at === undefined ? "never" : <Time at={item.last_used_at} />}</td>
      <td>{item.expires_at === undefined ? "never" : <Time at={item.expires_at} />}</td>
      <td>
        {state === "Works" ? (
          <div class="buttons">
            <button type="button" aria-label={`Replace the key ${item.name}`} onClick={() => onOpen({ what: "rotate", key: item })}>
              Replace
            </button>
            <button
              type="button"
              class="danger"
              aria-label={`Revoke the key ${item.name}`}
              onClick={() => onOpen({ what: "revoke", key: item })}>
              Revoke
            </button>
          </div>
        ) : null}
      </td>
    </tr>
  );
}

const overlaps = [
  { value: "0", text: "ends at once" },
  { value: "3600", text: "works for another hour" },
  { value: "86400", text: "works for another day" },
  { value: "604800", text: "works for another week" },
];

function Rotate({ item, onClose, onMade }: { item: Key; onClose: () => void; onMade: (name: string, token: string) => void }) {
  const [overlap, setOverlap] = useState("86400");
  const action = useAction();
  const submit = async () => {
    const made = await unwrap(roster.POST("/keys/{id}/rotate", { params: { path: { id: item.id } }, body: { overlap: Number(overlap) } }));
    onMade(made.name, made.token);
  };
  return (
    <Dialog title={`Replace the key ${item.name}`} onClose={onClose}>
      <Form action={action} submit="Replace" onSubmit={submit} onCancel={onClose}>
        <p>A new key with the same rights takes its place.</p>
        <Choice label="The old key" value={overlap} onValue={setOverlap} options={overlaps} />
      </Form>
    </Dialog>
  );
}

function Revoke({ item, onClose }: { item: Key; onClose: () => void }) {
  const action = useAction();
  const warning = caller.value?.subject === `key:${item.id}` ? " It is the key that you are signed in with." : "";
  const submit = async () => {
    await unwrap(roster.DELETE("/keys/{id}", { params: { path: { id: item.id } } }));
    onClose();
    tell(`Revoked the key ${item.name}.`);
    outdate();
  };
  return (
    <Dialog title={`Revoke the key ${item.name}?`} onClose={onClose}>
      <Confirm
        action={action}
        submit="Revoke"
        onSubmit={submit}
        onCancel={onClose}
        text={`Its program is refused from now on, on every replica. This can't be undone.${warning}`}
      />
    </Dialog>
  );
}

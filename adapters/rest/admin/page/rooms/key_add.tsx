import { useRef, useState } from "preact/hooks";
import { unwrap } from "../../../client-ts/src/index";
import { useAction } from "../load";
import { roles, type Rights, type Role, type Scope } from "../rights";
import { roster } from "../session";
import { Dialog } from "../ui/dialog";
import { Choice, Field, Form, optionsOf } from "../ui/form";
import { PickOrganization, type Picked } from "../ui/pick";
import { readersZone, startOfDay } from "../ui/time";

const scopes: { value: Scope; text: string }[] = [
  { value: "read", text: "read: sees everything, changes nothing" },
  { value: "write", text: "write: adds and changes users and events" },
  { value: "admin", text: "admin: everything, also plans, organizations, imports and keys" },
];

function Scopes({ chosen, onChoose }: { chosen: Scope[]; onChoose: (scopes: Scope[]) => void }) {
  const toggle = (scope: Scope) => onChoose(chosen.includes(scope) ? chosen.filter((each) => each !== scope) : [...chosen, scope]);
  return (
    <fieldset class="options">
      <legend>Scopes</legend>
      {scopes.map(({ value, text }) => (
        <label key={value}>
          <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} /> {text}
        </label>
      ))}
    </fieldset>
  );
}

type AddProps = { rights: Rights; onClose: () => void; onMade: (name: string, token: string) => void };

/** Makes an API key. */
export function AddKey({ rights, onClose, onMade }: AddProps) {
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<Scope[]>(["read"]);
  const [bound, setBound] = useState(rights.within !== undefined);
  const [organization, setOrganization] = useState<Picked>();
  const [role, setRole] = useState("");
  const [until, setUntil] = useState("");
  const action = useAction();
  const submit = async () => {
    const id = rights.within ?? organization?.id;
    if (bound && id === undefined) throw new Error("No organization has this name or slug: choose one of the list.");
    const body = {
      name,
      scopes: chosen,
      organization: bound ? id : undefined,
      role: bound && role !== "" ? (role as Role) : undefined,
      expires_at: until === "" ? undefined : startOfDay(until, readersZone),
    };
    const made = await unwrap(roster.POST("/keys", { body }));
    onMade(made.name, made.token);
  };
  return (
    <Dialog title="Make a key" onClose={onClose}>
      <Form action={action} submit="Make" onSubmit={submit} onCancel={onClose} shown={["/name", "/expires_at"]}>
        <Field
          label="Name"
          value={name}
          onValue={setName}
          place="/name"
          error={action.error}
          required
          autoFocus
          hint="What the key is for, such as billing."
        />
        <Scopes chosen={chosen} onChoose={setChosen} />
        {rights.within === undefined ? (
          <div class="options">
            <label>
              <input type="checkbox" checked={bound} onChange={() => setBound(!bound)} /> Bind the key to one organization
            </label>
          </div>
        ) : (
          <p>The key is bound to your organization, as you are.</p>
        )}
        {bound && rights.within === undefined ? <PickOrganization label="Organization" onPick={setOrganization} /> : null}
        {bound ? (
          <Choice
            label="Role in the organization"
            value={role}
            onValue={setRole}
            options={[{ value: "", text: "none" }, ...optionsOf(roles)]}
          />
        ) : null}
        <Field
          label="Expires on"
          type="date"
          value={until}
          onValue={setUntil}
          place="/expires_at"
          error={action.error}
          hint="At the beginning of that day; empty for never."
        />
      </Form>
    </Dialog>
  );
}

/** Shows the token of a new key, once. */
export function Token({ name, token, onClose }: { name: string; token: string; onClose: () => void }) {
  const [copied, setCopied] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const copy = () => {
    input.current?.select();
    // Without TLS, browsers have no clipboard for pages.
    const written = navigator.clipboard === undefined ? Promise.reject(new Error("no clipboard")) : navigator.clipboard.writeText(token);
    written.then(
      () => setCopied("Copied."),
      () => setCopied("The browser does not allow copying: the token is selected, copy it with Ctrl+C."),
    );
  };
  return (
    <Dialog title={`The token of ${name}`} onClose={onClose}>
      <p>Store it now, where its program finds it. It can't be read again.</p>
      <div class="field">
        <label for="token">Token</label>
        <input ref={input} id="token" class="id" type="text" readOnly value={token} onFocus={(event) => event.currentTarget.select()} />
      </div>
      <p role="status">{copied}</p>
      <div class="buttons">
        <button type="button" class="main" onClick={copy}>
          Copy
        </button>
        <button type="button" onClick={onClose}>
          Done
        </button>
      </div>
    </Dialog>
  );
}

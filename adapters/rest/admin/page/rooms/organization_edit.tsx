import { useState } from "preact/hooks";
import { unwrap } from "../../../client-ts/src/index";
import { isStale, useAction } from "../load";
import type { Rights } from "../rights";
import { outdate, roster } from "../session";
import { Dialog } from "../ui/dialog";
import { Choice, Field, Form } from "../ui/form";
import { tell } from "../ui/toast";
import type { Organization } from "./membership";
import { planOptions, usePlans } from "./plans";

type Draft = { name: string; slug: string; plan: string };
const fields = ["name", "slug", "plan"] as const;
const names: Record<keyof Draft, string> = { name: "Name", slug: "Slug", plan: "Plan" };

function write(stored: Organization, patch: Partial<Draft>): Promise<Organization> {
  const params = { path: { id: stored.id }, header: { "If-Match": `"${stored.version}"` } };
  return unwrap(roster.PATCH("/organizations/{id}", { params, body: patch }));
}

/** The fields in which two states differ, with the values of the second. */
function difference(from: Draft, to: Draft): Partial<Draft> {
  return Object.fromEntries(fields.filter((field) => from[field] !== to[field]).map((field) => [field, to[field]]));
}

/** Changes an organization, unless somebody else was faster. */
export function EditOrganization({
  organization,
  rights,
  onClose,
  onSaved,
}: {
  organization: Organization;
  rights: Rights;
  onClose: () => void;
  onSaved: () => void;
}) {
  const [base] = useState(organization);
  const [draft, setDraft] = useState<Draft>({ name: organization.name, slug: organization.slug, plan: organization.plan });
  // What somebody else wrote meanwhile; it stays in sight until the reader saves again.
  const [theirs, setTheirs] = useState<Organization>();
  const plans = usePlans();
  const action = useAction();
  const set = (field: keyof Draft) => (value: string) => setDraft((before) => ({ ...before, [field]: value }));
  const submit = async () => {
    const stored = theirs ?? base;
    try {
      const saved = await write(stored, difference(stored, draft));
      onClose();
      onSaved();
      tell(`Changed ${saved.name}.`, async () => {
        await write(saved, difference(saved, stored));
        outdate();
      });
    } catch (error) {
      if (!isStale(error)) throw error;
      const found = await unwrap(roster.GET("/organizations/{id}", { params: { path: { id: base.id } } }));
      // A field that only they changed takes their value.
      setDraft((mine) => ({ ...mine, ...onlyTheirs(base, mine, found) }));
      setTheirs(found);
    }
  };
  return (
    <Dialog title={theirs === undefined ? `Edit ${base.name}` : "Somebody else was faster"} onClose={onClose}>
      <Form action={action} submit="Save" onSubmit={submit} onCancel={onClose} shown={["/name", "/slug", "/plan"]}>
        {theirs === undefined ? null : <Theirs base={base} theirs={theirs} />}
        <Field label="Name" value={draft.name} onValue={set("name")} place="/name" error={action.error} autoFocus />
        {rights.manageOrganizations ? (
          <>
            <Field label="Slug" value={draft.slug} onValue={set("slug")} place="/slug" error={action.error} />
            <Choice label="Plan" value={draft.plan} onValue={set("plan")} options={planOptions(plans.data)} />
          </>
        ) : null}
      </Form>
    </Dialog>
  );
}

function onlyTheirs(base: Draft, mine: Draft, theirs: Draft): Partial<Draft> {
  return Object.fromEntries(fields.filter((field) => mine[field] === base[field]).map((field) => [field, theirs[field]]));
}

function Theirs({ base, theirs }: { base: Draft; theirs: Draft }) {
  const changed = fields.filter((field) => theirs[field] !== base[field]);
  return (
    <div class="failure" role="alert">
      <p>The organization was changed while you edited. Below is what you wrote; saving replaces theirs:</p>
      <ul>
        {changed.map((field) => (
          <li key={field}>
            {names[field]}: theirs is “{theirs[field]}”, before it was “{base[field]}”.
          </li>
        ))}
      </ul>
    </div>
  );
}

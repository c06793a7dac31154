import { useState } from "preact/hooks";
import { unwrap } from "../../../client-ts/src/index";
import { useAction } from "../load";
import { go } from "../route";
import { roster } from "../session";
import { Dialog } from "../ui/dialog";
import { Choice, Field, Form } from "../ui/form";
import { PickPerson, type Picked } from "../ui/pick";
import { tell } from "../ui/toast";
import { planOptions, type Plan } from "./plans";

/** slugOf proposes a slug for a name. */
function slugOf(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 63);
}

/** Adds an organization with its first owner. */
export function AddOrganization({ plans, onClose }: { plans: Plan[]; onClose: () => void }) {
  const [name, setName] = useState("");
  const [slug, setSlug] = useState<string>();
  const [plan, setPlan] = useState(plans[0]?.code ?? "");
  const [owner, setOwner] = useState<Picked>();
  const action = useAction();
  const submit = async () => {
    if (owner === undefined) throw new Error("Choose the first owner: search for a person, and select it.");
    const body = { name, slug: slug ?? slugOf(name), plan, owner: owner.id };
    const made = await unwrap(roster.POST("/organizations", { body }));
    onClose();
    go(["organizations", made.id]);
    tell(`Added ${made.name}.`, async () => {
      await unwrap(
        roster.DELETE("/organizations/{id}", { params: { path: { id: made.id }, header: { "If-Match": `"${made.version}"` } } }),
      );
      go(["organizations"]);
    });
  };
  return (
    <Dialog title="Add an organization" onClose={onClose}>
      <Form action={action} submit="Add" onSubmit={submit} onCancel={onClose} shown={["/name", "/slug"]}>
        <Field label="Name" value={name} onValue={setName} place="/name" error={action.error} required autoFocus />
        <Field
          label="Slug"
          value={slug ?? slugOf(name)}
          onValue={setSlug}
          place="/slug"
          error={action.error}
          required
          hint="Small letters, digits and -; it names the organization in addresses."
        />
        <Choice label="Plan" value={plan} onValue={setPlan} options={planOptions(plans)} />
        <PickPerson label="First owner" picked={owner} onPick={setOwner} />
      </Form>
    </Dialog>
  );
}

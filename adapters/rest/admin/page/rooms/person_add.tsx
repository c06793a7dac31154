import { useState } from "preact/hooks";
import { unwrap } from "../../../client-ts/src/index";
import { useAction } from "../load";
import { go } from "../route";
import { roster } from "../session";
import { Dialog } from "../ui/dialog";
import { Field, Form } from "../ui/form";
import { tell } from "../ui/toast";

/** Adds a person to the directory. */
export function AddPerson({ onClose }: { onClose: () => void }) {
  const [values, setValues] = useState({ display_name: "", username: "", email: "", external_id: "" });
  const action = useAction();
  const set = (name: keyof typeof values) => (value: string) => setValues((before) => ({ ...before, [name]: value }));
  const submit = async () => {
    const { display_name, external_id, ...names } = values;
    const made = await unwrap(
      roster.POST("/users", { body: { ...names, display_name: display_name || undefined, external_id: external_id || undefined } }),
    );
    onClose();
    tell(`Added ${made.display_name}.`, async () => {
      await unwrap(roster.DELETE("/users/{id}", { params: { path: { id: made.id } } }));
      go(["people"]);
    });
    go(["people", made.id]);
  };
  return (
    <Dialog title="Add a person" onClose={onClose}>
      <Form
        action={action}
        submit="Add"
        onSubmit={submit}
        onCancel={onClose}
        shown={["/username", "/email", "/display_name", "/external_id"]}>
        <Field
          label="Username"
          value={values.username}
          onValue={set("username")}
          place="/username"
          error={action.error}
          required
          autoFocus
        />
        <Field label="Email" type="email" value={values.email} onValue={set("email")} place="/email" error={action.error} required />
        <Field
          label="Name"
          value={values.display_name}
          onValue={set("display_name")}
          place="/display_name"
          error={action.error}
          hint="Without one, the name is the username."
        />
        <Field
          label="External id"
          value={values.external_id}
          onValue={set("external_id")}
          place="/external_id"
          error={action.error}
          hint="How another system names this person; it may stay empty."
        />
      </Form>
    </Dialog>
  );
}

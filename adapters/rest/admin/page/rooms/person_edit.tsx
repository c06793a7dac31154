import { useState } from "preact/hooks";
import { isStale, useAction } from "../load";
import type { Rights } from "../rights";
import { outdate } from "../session";
import { Dialog } from "../ui/dialog";
import { Field, Form } from "../ui/form";
import { tell } from "../ui/toast";
import { read, write } from "./person_change";
import { draftFields, draftOf, fieldNames, patchOf, type Draft, type DraftField, type User } from "./person_draft";
import { Conflict } from "./person_conflict";

type Props = { user: User; rights: Rights; onClose: () => void; onSaved: () => void };

/** useEdit keeps what the reader writes, and what somebody else wrote meanwhile. */
function useEdit({ user, rights, onClose, onSaved }: Props) {
  // What the form was filled with; where somebody else is faster, what they wrote.
  const [base] = useState(user);
  const [draft, setDraft] = useState(draftOf(user));
  const [theirs, setTheirs] = useState<User>();
  const action = useAction();
  const save = async (stored: User, wanted: Draft) => {
    const patch = patchOf(stored, wanted);
    if (Object.keys(patch).length === 0) {
      onClose();
      return;
    }
    try {
      const saved = await write(stored, patch);
      onClose();
      onSaved();
      tell(`Changed ${saved.display_name}.`, async () => {
        await write(saved, patchOf(saved, draftOf(stored)));
        outdate();
      });
    } catch (error) {
      if (!isStale(error)) throw error;
      setDraft(wanted);
      setTheirs(await read(user.id, rights.restoreUsers));
    }
  };
  return { base, draft, setDraft, theirs, action, save };
}

/** Changes the fields of a person, unless somebody else was faster. */
export function EditPerson(props: Props) {
  const { user, rights, onClose } = props;
  const { base, draft, setDraft, theirs, action, save } = useEdit(props);
  if (theirs !== undefined) {
    return (
      <Dialog title="Somebody else was faster" onClose={onClose} wide>
        <Conflict
          key={theirs.version}
          base={base}
          mine={draft}
          theirs={theirs}
          action={action}
          onSave={(wanted) => save(theirs, wanted)}
          onCancel={onClose}
        />
      </Dialog>
    );
  }
  const fields = rights.manageUsers ? draftFields : (["display_name", "attributes"] as DraftField[]);
  return (
    <Dialog title={`Edit ${user.display_name}`} onClose={onClose}>
      <Form
        action={action}
        submit="Save"
        onSubmit={() => save(base, draft)}
        onCancel={onClose}
        shown={draftFields.map((field) => `/${field}`)}>
        {fields.map((field) => (
          <Field
            key={field}
            label={fieldNames[field]}
            value={draft[field]}
            place={`/${field}`}
            error={action.error}
            autoFocus={field === "display_name"}
            {...(field === "attributes" && { rows: 6, hint: "A JSON object." })}
            type={field === "email" ? "email" : "text"}
            onValue={(value) => setDraft((before) => ({ ...before, [field]: value }))}
          />
        ))}
      </Form>
    </Dialog>
  );
}

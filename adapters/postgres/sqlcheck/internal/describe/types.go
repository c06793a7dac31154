package describe

// Type is a type of the database.
type Type struct {
	OID     uint32
	Name    string // with its schema unless that is in search_path
	Kind    byte   // pg_type.typtype: b base, e enum, c composite, d domain, r range, p pseudo
	Base    *Type  // what a domain is made of, or nil
	Element *Type  // of an array, or nil
}

// Plain is the type that a domain is made of, or the type itself.
func (t Type) Plain() Type {
	for t.Base != nil {
		t = *t.Base
	}
	return t
}

func (r reading) Type(oid uint32) (Type, error) {
	return remember(r.types, oid, "type", func() (Type, error) {
		const text = `
			SELECT t.oid::regtype::text, t.typtype, t.typbasetype,
				CASE WHEN t.typcategory = 'A' AND t.typtype = 'b' THEN t.typelem ELSE 0 END
			FROM pg_catalog.pg_type t WHERE t.oid = $1`
		t := Type{OID: oid}
		var kind string
		var base, element uint32
		if err := r.conn.QueryRow(r.ctx, text, oid).Scan(&t.Name, &kind, &base, &element); err != nil {
			return t, err
		}
		t.Kind = kind[0]
		var err error
		if base != 0 {
			t.Base, err = r.typeOf(base)
		}
		if element != 0 && err == nil {
			t.Element, err = r.typeOf(element)
		}
		return t, err
	})
}

func (r reading) typeOf(oid uint32) (*Type, error) {
	t, err := r.Type(oid)
	return &t, err
}

func (r reading) typesOf(oids []uint32) ([]Type, error) {
	types := make([]Type, len(oids))
	for i, oid := range oids {
		t, err := r.Type(oid)
		if err != nil {
			return nil, err
		}
		types[i] = t
	}
	return types, nil
}

package main

import (
	"context"
	"os"
)

func Example() {
	if err := run(context.Background(), os.Stdout); err != nil {
		panic(err)
	}
	// Output:
	// created ada <ada@example.com>, version 1
	// refused: username: "ada" is taken; choose another
	// email: "ada@example.com" is taken; choose another
	// found Ada Lovelace
}

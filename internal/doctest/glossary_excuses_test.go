package doctest_test

// excuses are the places where the glossary's other words may stand, each with the
// reason.
var excuses = []excuse{
	// Others' text, which stays as they wrote it.
	{file: "LICENSE"},
	{file: "adapters/rest/reference/assets"},
}
